import { describe, expect, test } from '@jest/globals';
import type { LookupRow } from '../../src/domain/lookups.ts';
import check from '../../src/checks/corefile-forward-unreachable.ts';
import {
  captured,
  coded,
  corednsLog,
  corednsLogs,
  corefileWith,
  directive,
  healthyFacts,
  logClass,
  lookups,
  lookupsWhere,
  lost,
  row,
  withDirectives,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const isOutside = (one: LookupRow) => one.role === 'external' || one.role === 'fresh-external';
const through = (one: LookupRow) => isOutside(one) && one.serverKind !== 'upstream';
const corefile = corefileWith(withDirectives(directive('forward', ['.', '192.0.2.1'], [], 12)));
const refusing = corednsLogs([
  corednsLog({ classes: [logClass('upstream-refused', { count: 30, fields: { upstream: '172.30.0.1:5399', name: 'amazon.com.' } })] }),
]);

describe('corefile-forward-unreachable', () => {
  test('passes when names of the world come through', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is critical when CoreDNS leaves clients waiting everywhere', () => {
    const finding = theFinding(check, healthyFacts({ corefile, lookups: lookupsWhere((one) => (isOutside(one) ? lost() : null)) }));
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'all',
      args: { upstreams: ['192.0.2.1'] },
      remedies: [{ id: 'restore-corefile' }],
    });
    expect(finding.proof).toContainEqual({ reading: 'corefile', pointer: '/servers/0/directives/0' });
  });

  test('captured packets to the upstream prove it too', () => {
    const capture = captured(() => ({ upstream: 'silent' }));
    const finding = theFinding(
      check,
      healthyFacts({ corefile, capture, lookups: lookupsWhere((one) => (isOutside(one) ? lost() : null)) }),
    );
    const ways = finding.proof.filter(({ reading }) => reading === 'capture').map(({ pointer }) => Number(pointer.split('/')[2]));
    expect(ways.map((way) => capture.ways[way]?.kind)).toEqual(['upstream', 'upstream']);
  });

  test('is critical when CoreDNS answers SERVFAIL and its log says why', () => {
    const matrix = lookupsWhere((one) => (through(one) ? coded('SERVFAIL') : isOutside(one) ? lost('refused') : null));
    expect(theFinding(check, healthyFacts({ lookups: matrix, 'coredns-logs': refusing }))).toMatchObject({
      severity: 'critical',
      args: { upstreams: ['/etc/resolv.conf', '172.30.0.1:5399'] },
    });
  });

  test('sees through what is still in the cache', () => {
    const matrix = lookupsWhere((one) => (one.role === 'fresh-external' ? lost() : null));
    expect(theFinding(check, healthyFacts({ lookups: matrix, 'coredns-logs': refusing })).severity).toBe('critical');
    expect(judge(check, healthyFacts({ lookups: matrix })).status).toBe('passed');
  });

  test('is high when it concerns one pod', () => {
    const matrix = lookupsWhere((one) => (through(one) && one.serverPod === 'coredns-b' ? lost() : null));
    expect(theFinding(check, healthyFacts({ lookups: matrix }))).toMatchObject({
      severity: 'high',
      variant: 'some',
      args: { servers: ['coredns-b'] },
    });
  });

  test('is silent about SERVFAIL that the upstream gave itself', () => {
    const matrix = lookupsWhere((one) => (isOutside(one) ? coded('SERVFAIL') : null));
    expect(judge(check, healthyFacts({ lookups: matrix })).status).toBe('passed');
    expect(judge(check, healthyFacts({ lookups: matrix, 'coredns-logs': refusing })).status).toBe('passed');
  });

  test('cannot tell when CoreDNS itself is not reached, or badly', () => {
    expect(judge(check, healthyFacts({ lookups: lookupsWhere(() => lost()) })).status).toBe('unknown');
    const lossy = lookupsWhere(() => ({ answered: 2, rcodes: { NOERROR: 2 }, failure: 'timeout' }));
    expect(judge(check, healthyFacts({ lookups: lossy })).status).toBe('unknown');
    expect(judge(check, healthyFacts({ lookups: lookups([]) })).status).toBe('unknown');
  });

  test('one name that fails while others work is no outage', () => {
    const more = [row({ role: 'external', name: 'dead.example.', ...lost() })];
    expect(judge(check, healthyFacts({ lookups: lookupsWhere(() => null, more) })).status).toBe('passed');
  });

  test('leaves a Corefile without forward to that check', () => {
    const facts = healthyFacts({ corefile: corefileWith([]), lookups: lookupsWhere((one) => (isOutside(one) ? lost() : null)) });
    expect(judge(check, facts).status).toBe('passed');
  });
});
