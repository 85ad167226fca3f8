import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-crashloop.ts';
import { corednsLog, corednsLogs, corednsPod, corednsPods, crashing, healthyFacts, logClass } from './evidence.ts';
import { findingsOf, judge, theFinding } from './judging.ts';

const crashed = corednsPods([corednsPod(crashing()), corednsPod(crashing(), 1)]);
const saying = (name: string, fields = {}) =>
  corednsLogs([
    corednsLog({ previous: [logClass(name, { sample: 'Listen: listen tcp :53: bind: permission denied', fields })] }),
    corednsLog({}, 1),
  ]);

describe('coredns-crashloop', () => {
  test('passes when nothing crashes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('quotes the last words of a crash that nothing else explains', () => {
    const finding = theFinding(check, healthyFacts({ 'coredns-pods': crashed, 'coredns-logs': saying('listen-failed') }));
    expect(finding).toMatchObject({
      severity: 'critical',
      args: { exitCode: 1, restarts: 5, words: ['Listen: listen tcp :53: bind: permission denied'] },
    });
  });

  test('says so when the log is silent', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-pods': crashed })).args['words']).toContain('back-off');
  });

  test('is silent about a crash with a reason of its own', () => {
    const oom = { last: { reason: 'OOMKilled', exitCode: 137, startedAt: null, finishedAt: null, message: '' } };
    const pods = corednsPods([corednsPod(crashing(oom)), corednsPod({}, 1)]);
    expect(findingsOf(check, healthyFacts({ 'coredns-pods': pods }))).toEqual([]);
    const one = corednsPods([corednsPod(crashing()), corednsPod({}, 1)]);
    expect(findingsOf(check, healthyFacts({ 'coredns-pods': one, 'coredns-logs': saying('loop') }))).toEqual([]);
  });
});
