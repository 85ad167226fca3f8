import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/conntrack-race.ts';
import { captured, racing } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

describe('conntrack-race', () => {
  test('pairs that both arrive pass, and so does what is lost one by one', () => {
    expect(judge(check, { capture: captured(() => ({})) }).status).toBe('passed');
    expect(judge(check, { capture: captured(({ shot }) => ({ lostRequest: shot % 5 === 0 })) }).status).toBe('passed');
  });

  test('always one of A and AAAA is found', () => {
    expect(theFinding(check, { capture: racing() })).toMatchObject({
      severity: 'high',
      subject: { kind: 'Node', name: 'node-a' },
      args: { to: ['Service kube-system/kube-dns'], lost: 20 },
    });
  });

  test('a few in hundred are felt now and then', () => {
    const capture = racing();
    const rare = { ...capture, ways: capture.ways.map((way) => (way.verdict === 'conntrack-race' ? { ...way, share: 0.02 } : way)) };
    expect(theFinding(check, { capture: rare })).toMatchObject({ severity: 'medium', args: { percent: 2 } });
  });
});
