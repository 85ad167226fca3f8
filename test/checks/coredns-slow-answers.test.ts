import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-slow-answers.ts';
import { captured, named, probed } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

describe('coredns-slow-answers', () => {
  test('quick answers pass', () => {
    expect(judge(check, { capture: captured(() => ({ delayMs: 300 })) }).status).toBe('passed');
  });

  test('a pod that takes seconds is found', () => {
    expect(theFinding(check, { capture: captured(({ via }) => (via === 'b' ? { delayMs: 1_800 } : {})) })).toMatchObject({
      severity: 'high',
      subject: { kind: 'Pod', name: 'coredns-b' },
      args: { slow: 20, of: 20, p95Ms: expect.any(Number) },
    });
  });

  test('answers that come when clients have given up are lookups that fail', () => {
    const capture = captured(({ via }) => (via === 'b' ? { delayMs: 5_500 } : {}));
    expect(theFinding(check, { capture }).severity).toBe('critical');
  });

  test('a tenth of slow answers is felt, and no more', () => {
    const capture = captured(({ shot }) => (shot % 10 === 0 ? { delayMs: 1_500 } : {}));
    expect(theFinding(check, { capture })).toMatchObject({ severity: 'medium', args: { percent: 10 } });
  });

  test('where only the client was captured it is not known who was slow', () => {
    const capture = named(probed(() => ({ delayMs: 1_500 })).report({}, ['c1']));
    expect(capture.ways.map(({ verdict }) => verdict)).toContain('slow-server');
    expect(judge(check, { capture }).status).toBe('passed');
  });
});
