import { describe, expect, test } from '@jest/globals';
import { type CaptureReport, type Way, WayVerdict } from '../../../src/domain/capture.ts';
import { filterOf } from '../../../src/remedies/capture/filter.ts';
import { quoted } from '../../../src/remedies/capture/shell.ts';
import { verdictSentence } from '../../../src/remedies/capture/verdict-sentence.ts';
import { emptyReport } from './capture-world.ts';

const end = (label: string) => ({ point: null, address: '10.0.0.1', label, node: null });
const reportOf = (code: WayVerdict, share = 1): CaptureReport => {
  const way = { client: end('shop/cart'), server: end('kube-system/coredns-a'), verdict: code, share } as unknown as Way;
  return { ...emptyReport, verdict: { ...emptyReport.verdict, code, way: 0 }, ways: [way] };
};

describe('the sentence of a verdict', () => {
  test.each(WayVerdict.options)('is there for %s', (code) => {
    const said = verdictSentence(reportOf(code));
    expect(said.length).toBeGreaterThan(20);
    expect(said).not.toMatch(/[.]$|undefined/);
  });

  test('says of how many of the queries it holds, where not of all', () => {
    expect(verdictSentence(reportOf('lost-request', 0.52))).toBe(
      'queries get lost between shop/cart and kube-system/coredns-a (52 % of them)',
    );
    expect(verdictSentence(reportOf('lost-request', 0.99))).toBe('queries get lost between shop/cart and kube-system/coredns-a');
    expect(verdictSentence(reportOf('dns-ok', 0.5))).toBe('DNS packets went both ways at every point that was captured');
  });

  test('can do without a way', () => {
    expect(verdictSentence(emptyReport)).toContain('went both ways');
    const none = { ...emptyReport, verdict: { ...emptyReport.verdict, code: 'nothing-seen' as const, way: 7 } };
    expect(verdictSentence(none)).toBe('no DNS packet was seen at any point');
  });
});

describe('the filter', () => {
  test('takes DNS on its ports, later fragments, and what is unreachable', () => {
    expect(filterOf([53, 5353], null, null)).toBe(
      '((port 53 or port 5353 or port 853) or (udp and ip[6:2] & 0x1fff != 0) or (icmp and icmp[0] = 3) or (icmp6 and ip6[40] = 1))',
    );
  });

  test('only ever gets narrower', () => {
    const filter = filterOf([53], ['10.0.0.1', '10.0.0.1', 'fd00::1', 'x; reboot'], 'udp or tcp');
    expect(filter.endsWith(') and (host 10.0.0.1 or host fd00::1) and (udp or tcp)')).toBe(true);
    const many = Array.from({ length: 40 }, (_, index) => `10.0.0.${index}`);
    expect(filterOf([53], many, null).match(/host /g)).toHaveLength(12);
  });
});

test('a text is one word of a shell, whatever is in it', () => {
  expect(quoted("a'b $(c) `d` \\")).toBe("'a'\\''b $(c) `d` \\'");
});
