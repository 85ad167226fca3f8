import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-crashloop-loop.ts';
import {
  corednsLog,
  corednsLogs,
  corednsPod,
  corednsPods,
  corefileWith,
  crashing,
  directive,
  healthyFacts,
  logClass,
  withDirectives,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const loop = logClass('loop', { fields: { from: '127.0.0.1:55953', to: ':53', zone: '.' } });
const logs = corednsLogs([corednsLog({ previous: [loop] }), corednsLog({ previous: [loop] }, 1)]);
const corefile = corefileWith(withDirectives(directive('forward', ['.', '127.0.0.1'])));

describe('coredns-crashloop-loop', () => {
  test('passes when no pod crashes, even if its log has an old loop', () => {
    expect(judge(check, healthyFacts({ 'coredns-logs': logs })).status).toBe('passed');
  });

  test('names the upstream that leads back', () => {
    const pods = corednsPods([corednsPod(crashing()), corednsPod(crashing(), 1)]);
    const finding = theFinding(check, healthyFacts({ 'coredns-pods': pods, 'coredns-logs': logs, corefile }));
    expect(finding).toMatchObject({ severity: 'critical', args: { upstreams: ['127.0.0.1'], zone: '.' } });
  });

  test('finds a pod between two crashes, running and ready for seconds', () => {
    const between = crashing({ state: 'running', reason: null, ready: true, startedAt: '2026-11-23T11:59:50Z' });
    const pods = corednsPods([corednsPod({ ...between, ready: true }), corednsPod(crashing(), 1)]);
    expect(theFinding(check, healthyFacts({ 'coredns-pods': pods, 'coredns-logs': logs })).args).toMatchObject({ count: 2 });
  });
});
