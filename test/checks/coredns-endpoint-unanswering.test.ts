import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-endpoint-unanswering.ts';
import { corednsIPs, corednsPod, corednsPods, healthyFacts, homes, lookups, lookupsWhere, lost } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const silent = (proto?: 'udp' | 'tcp') =>
  lookupsWhere((row) => (row.server === corednsIPs[0] && (proto === undefined || row.proto === proto) ? lost() : null));

describe('coredns-endpoint-unanswering', () => {
  test('pods that answer pass', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a ready pod that answers nobody is found', () => {
    const finding = theFinding(check, healthyFacts({ lookups: silent('udp') }));
    expect(finding).toMatchObject({
      severity: 'critical',
      subject: { kind: 'Pod', name: 'coredns-a' },
      args: { proto: 'UDP', address: corednsIPs[0], nodes: [...homes] },
    });
    expect(theFinding(check, healthyFacts({ lookups: silent() })).args['proto']).toBe('UDP and TCP');
    expect(theFinding(check, healthyFacts({ lookups: silent('tcp') })).args['proto']).toBe('TCP');
  });

  test('when no pod answers, that is one finding', () => {
    const all = lookupsWhere((row) => (row.serverKind === 'endpoint' ? lost() : null));
    expect(theFinding(check, healthyFacts({ lookups: all }))).toMatchObject({ variant: 'all', severity: 'critical' });
  });

  test('TCP that fails at all of them is not the pods', () => {
    const tcp = lookupsWhere((row) => (row.serverKind === 'endpoint' && row.proto === 'tcp' ? lost() : null));
    expect(judge(check, healthyFacts({ lookups: tcp })).status).toBe('passed');
  });

  test('a pod that answers its own node is not dead', () => {
    const far = lookupsWhere((row) => (row.server === corednsIPs[0] && row.from.node !== homes[0] ? lost() : null));
    expect(judge(check, healthyFacts({ lookups: far })).status).toBe('passed');
  });

  test('a pod that is not ready, or ends, gets no queries', () => {
    const pods = (over: object) => corednsPods([corednsPod(over), corednsPod({}, 1)]);
    expect(judge(check, healthyFacts({ lookups: silent(), 'coredns-pods': pods({ ready: false }) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ lookups: silent(), 'coredns-pods': pods({ terminating: true }) })).status).toBe('passed');
  });

  test('a pod seen from another node only is not blamed while that node reaches none', () => {
    const fromFirst = healthyFacts().lookups.rows.filter((row) => row.from.node === homes[0] && row.server === corednsIPs[1]);
    const rows = fromFirst.map((row) => ({ ...row, ...lost() }));
    const near = healthyFacts().lookups.rows.filter((row) => row.from.node === homes[0] && row.server === corednsIPs[0]);
    expect(judge(check, healthyFacts({ lookups: lookups([...rows, ...near]) })).status).toBe('passed');
  });

  test('some lost queries are not silence', () => {
    const some = lookupsWhere((row) => (row.server === corednsIPs[0] ? { answered: 2 } : null));
    expect(judge(check, healthyFacts({ lookups: some })).status).toBe('passed');
  });

  test('without a lookup at their addresses there is nothing to judge', () => {
    expect(judge(check, healthyFacts({ lookups: lookups([]) })).status).toBe('not-applicable');
  });
});
