import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/dns-reply-lost.ts';
import { captured, named, probed } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

describe('dns-reply-lost', () => {
  test('answers that come back pass', () => {
    expect(judge(check, { capture: captured(() => ({})) }).status).toBe('passed');
  });

  test('answers that left CoreDNS and did not come back are found', () => {
    expect(theFinding(check, { capture: captured(({ via }) => ({ lostReply: via === 'b' })) })).toMatchObject({
      severity: 'critical',
      variant: 'way',
      args: { from: ['probe pod on node-a'], to: ['kube-system/coredns-b'], lost: 20, of: 20 },
    });
  });

  test('one answer of twenty is seldom enough', () => {
    expect(
      judge(check, { capture: captured(({ via, to, shot }) => ({ lostReply: via === 'b' && to === 'pod' && shot === 0 })) }).status,
    ).toBe('passed');
  });

  test('answers that came back, and that the program did not get, are dropped in its pod', () => {
    const network = probed(() => ({}));
    for (const told of network.told) told.answered = false;
    expect(theFinding(check, { capture: named(network.report()) })).toMatchObject({ variant: 'client' });
  });

  test('a lost query is another fault', () => {
    expect(judge(check, { capture: captured(() => ({ lostRequest: true })) }).status).toBe('passed');
  });
});
