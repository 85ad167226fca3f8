import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-crashloop-corefile-error.ts';
import { corednsLog, corednsLogs, corednsPod, corednsPods, corefile, crashing, healthyFacts, logClass } from './evidence.ts';
import { findingsOf, judge, theFinding } from './judging.ts';

const words = logClass('corefile-error', {
  fields: { message: "Unknown directive 'lg'", line: '3', file: '/etc/coredns/Corefile', directive: 'lg' },
});
const both = corednsPods([corednsPod(crashing()), corednsPod(crashing(), 1)]);
const said = corednsLogs([corednsLog({ previous: [words] }), corednsLog({ previous: [words] }, 1)]);

describe('coredns-crashloop-corefile-error', () => {
  test('passes when nothing crashes, whatever the Corefile says', () => {
    const error = { line: 3, message: "Unknown directive 'lg'", kind: 'directive' as const };
    expect(judge(check, healthyFacts({ corefile: corefile({ error }) })).status).toBe('passed');
  });

  test('quotes the last words and the line when all pods crash', () => {
    const finding = theFinding(check, healthyFacts({ 'coredns-pods': both, 'coredns-logs': said }));
    expect(finding).toMatchObject({
      severity: 'critical',
      args: { message: "Unknown directive 'lg'", line: 3, count: 2 },
      remedies: [{ id: 'restore-corefile' }],
    });
  });

  test('is high while another pod serves', () => {
    const pods = corednsPods([corednsPod(), corednsPod(crashing(), 1)]);
    expect(theFinding(check, healthyFacts({ 'coredns-pods': pods, 'coredns-logs': said })).severity).toBe('high');
  });

  test('reads the Corefile itself where the log is silent', () => {
    const error = { line: 7, message: "unknown property 'up'", kind: 'option' as const };
    const finding = theFinding(check, healthyFacts({ 'coredns-pods': both, corefile: corefile({ error }) }));
    expect(finding).toMatchObject({ args: { line: 7 }, proof: [{ reading: 'corefile', pointer: '/error' }, {}, {}] });
  });

  test('leaves to others what has no place in the file', () => {
    const api = logClass('corefile-error', { fields: { message: 'unable to load in-cluster configuration', plugin: 'kubernetes' } });
    const logs = corednsLogs([corednsLog({ previous: [api] }), corednsLog({ previous: [api] }, 1)]);
    expect(findingsOf(check, healthyFacts({ 'coredns-pods': both, 'coredns-logs': logs }))).toEqual([]);
  });
});
