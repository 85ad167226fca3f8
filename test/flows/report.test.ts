import { describe, expect, test } from '@jest/globals';
import type { AnyCheck } from '../../src/domain/check.ts';
import type { Finding } from '../../src/domain/finding.ts';
import type { Bundle } from '../../src/domain/report.ts';
import { reportOn } from '../../src/flows/report.ts';
import { fill, sentence } from '../../src/report/words.ts';

const request = { cluster: 'a', pod: null, node: null, names: [], quick: false, probePods: true, ephemeral: false, timeoutMs: 1 };
const ok = (id: string, data: unknown) => ({ id, status: 'ok' as const, data, durationMs: 1 });
const lookups = (failures: object[] = []) => ok('lookups', { zone: 'cluster.local', rows: [], sources: [], failures });
const bundle = (readings: Bundle['readings']): Bundle => ({
  schema: 'dns-medic/bundle/v1',
  run: { id: 'r', cluster: 'a', startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1, request },
  readings,
  cost: { apiRequests: 1, bytes: 2 },
});
const seen = { lookups: lookups(), 'dns-service': ok('dns-service', {}), 'coredns-pods': ok('coredns-pods', {}) };

const check = (id: string, findings: Partial<Finding>[], some: Partial<AnyCheck> = {}): AnyCheck => ({
  ...{
    id,
    title: 'well',
    why: '',
    docs: '',
    wording: { found: '{subject} is {what}', next: ['mend {what}'] },
    explains: [],
    requires: [],
    uses: [],
  },
  judge: () =>
    findings.length === 0 ? { status: 'passed' } : { status: 'found', findings: findings.map((finding) => ({ ...blank(id), ...finding })) },
  ...some,
});
const blank = (code: string): Finding => ({
  code,
  severity: 'high',
  subject: { kind: 'Pod', namespace: 'n', name: 'p' },
  args: { what: 'ill' },
  proof: [],
  remedies: [],
});
const report = (checks: AnyCheck[], readings: Bundle['readings'] = seen) => reportOn(bundle(readings), checks, { fill, sentence });

describe('the verdict', () => {
  test('is healthy when all passed and the essential readings are there', () => {
    expect(report([check('a', [])]).verdict).toEqual({
      status: 'healthy',
      cause: null,
      causes: [],
      sentence: expect.stringContaining('healthy'),
    });
  });

  test.each(['lookups', 'dns-service', 'coredns-pods'])('is unknown when %s was not read, however well the rest is', (id) => {
    const { [id as keyof typeof seen]: _, ...rest } = seen;
    expect(report([check('a', [])], rest).verdict.status).toBe('unknown');
  });

  test('is broken with a critical cause, degraded with a lesser one', () => {
    expect(report([check('a', [{ severity: 'critical' }])]).verdict).toMatchObject({ status: 'broken', cause: 'a' });
    expect(report([check('a', [{ severity: 'low' }])]).verdict).toMatchObject({ status: 'degraded', cause: 'a' });
  });

  test('is not changed by what is only worth knowing', () => {
    expect(report([check('a', [{ severity: 'info' }])]).verdict).toMatchObject({ status: 'healthy', causes: [] });
  });

  test('names causes worst first, and not what they explain', () => {
    const checks = [
      check('low', [{ severity: 'low' }]),
      check('bad', [{ severity: 'critical' }], { explains: ['after'] }),
      check('after', [{ severity: 'critical' }]),
    ];
    const { verdict, findings } = report(checks);
    expect(verdict.causes).toEqual(['bad', 'low']);
    expect(findings.map(({ code, explainedBy }) => [code, explainedBy])).toEqual([
      ['bad', null],
      ['low', null],
      ['after', 'bad'],
    ]);
  });

  test('a critical consequence of a lesser cause does not make it broken', () => {
    const checks = [check('cause', [{ severity: 'medium' }], { explains: ['after'] }), check('after', [{ severity: 'critical' }])];
    expect(report(checks).verdict).toMatchObject({ status: 'degraded', causes: ['cause'] });
  });
});

describe('the report', () => {
  test('fills the words of a finding from its arguments and subject', () => {
    expect(report([check('a', [{}])]).findings[0]).toMatchObject({ title: 'n/p is ill', next: ['mend ill'] });
  });

  test('says of each reading how it went, and of lookups which places could not be asked', () => {
    const failed = {
      id: 'nodes',
      status: 'failed' as const,
      reason: 'forbidden' as const,
      message: 'may not',
      durationMs: 1,
      allow: '- {}',
    };
    const { readings } = report([], { ...seen, nodes: failed, lookups: lookups([{ node: 'n1', reason: 'error', message: 'no image' }]) });
    expect(readings.find(({ id }) => id === 'nodes')).toMatchObject({
      status: 'failed',
      reason: 'forbidden',
      message: 'may not',
      allow: '- {}',
    });
    expect(readings.find(({ id }) => id === 'lookups')).toMatchObject({ status: 'ok', message: 'n1: no image' });
  });

  test('hostile arguments stay one printable line', () => {
    const [finding] = report([check('a', [{ args: { what: 'x\u001b[31m\ny\u202e' } }])]).findings;
    for (const char of ['\u001b', '\n', '\u202e']) expect(finding?.title).not.toContain(char);
  });
});
