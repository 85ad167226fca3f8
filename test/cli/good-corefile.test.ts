import { describe, expect, test } from '@jest/globals';
import { goodCorefile } from '../../src/cli/good-corefile.ts';
import type { Bundle, Report } from '../../src/domain/report.ts';

const healthy = { verdict: { status: 'healthy' } } as Report;
const corefile = { text: '. {\n}\n', error: null, opaque: [], sha512: 'a1', servers: [{ directives: [{ name: 'errors' }] }] };

const bundle = (more: object = {}, running: (string | null)[] = ['a1', 'a1']): Bundle =>
  ({
    run: { startedAt: '2026-11-25T00:00:00.000Z' },
    readings: {
      corefile: { id: 'corefile', status: 'ok', data: { ...corefile, ...more } },
      'coredns-logs': { id: 'coredns-logs', status: 'ok', data: { pods: running.map((runningSha512) => ({ runningSha512 })) } },
    },
  }) as unknown as Bundle;

describe('a Corefile is kept as one that worked', () => {
  test('where DNS is healthy and the pods run it', () =>
    expect(goodCorefile(bundle(), healthy)).toEqual({ text: corefile.text, sha512: 'a1', seenAt: Date.parse('2026-11-25T00:00:00.000Z') }));

  test('also where one pod does not say what it runs', () => expect(goodCorefile(bundle({}, ['a1', null]), healthy)).not.toBeNull());

  test.each<[string, Bundle, Report]>([
    ['DNS is not healthy', bundle(), { verdict: { status: 'degraded' } } as Report],
    ['it does not parse', bundle({ error: { line: 1, message: 'x', kind: 'syntax' } }), healthy],
    ['something in it is hidden', bundle({ opaque: ['secrets in it are hidden'] }), healthy],
    ['one pod runs another text', bundle({}, ['a1', 'b2']), healthy],
    ['no pod says what it runs', bundle({}, [null, null]), healthy],
    ['it logs queries', bundle({ servers: [{ directives: [{ name: 'log' }] }] }), healthy],
    ['it could not be read', { ...bundle(), readings: {} }, healthy],
  ])('but not where %s', (_why, what, report) => expect(goodCorefile(what, report)).toBeNull());
});
