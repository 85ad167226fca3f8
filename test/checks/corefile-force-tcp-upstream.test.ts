import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-force-tcp-upstream.ts';
import { corednsLog, corednsLogs, corefileWith, directive, healthyFacts, logClass, withDirectives } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const forced = (to: string) => corefileWith(withDirectives(directive('forward', ['.', to], [['force_tcp']], 12)));
const logs = corednsLogs([
  corednsLog({ classes: [logClass('upstream-timeout', { count: 9, fields: { protocol: 'tcp', upstream: '10.0.0.2:53' } })] }),
]);

describe('corefile-force-tcp-upstream', () => {
  test('passes without force_tcp, and with upstreams that are TCP anyway', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
    expect(judge(check, healthyFacts({ corefile: forced('tls://9.9.9.9') })).status).toBe('passed');
  });

  test('is only worth knowing while nothing fails', () => {
    expect(theFinding(check, healthyFacts({ corefile: forced('10.0.0.2') }))).toMatchObject({ severity: 'info', args: { line: 12 } });
  });

  test('is high when queries over TCP fail', () => {
    expect(theFinding(check, healthyFacts({ corefile: forced('10.0.0.2'), 'coredns-logs': logs }))).toMatchObject({
      severity: 'high',
      args: { upstream: '10.0.0.2:53', times: 9 },
    });
  });
});
