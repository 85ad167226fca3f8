import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/node-to-node-dns-blocked.ts';
import { corednsIPs, healthyFacts, healthyRows, homes, lookups, lookupsWhere, lost } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const isFar = (row: { serverNode: string | null; from: { node: string } }): boolean =>
  row.serverNode !== null && row.serverNode !== row.from.node;
const blocked = (proto?: 'udp' | 'tcp') =>
  lookupsWhere((row) => (isFar(row) && (proto === undefined || row.proto === proto) ? lost() : null));

describe('node-to-node-dns-blocked', () => {
  test('nodes that reach all pods pass', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('pods that answer only their own node are found', () => {
    const finding = theFinding(check, healthyFacts({ lookups: blocked() }));
    expect(finding).toMatchObject({ severity: 'critical', args: { proto: 'UDP and TCP', pods: ['coredns-a', 'coredns-b'] } });
    expect(theFinding(check, healthyFacts({ lookups: blocked('udp') })).args['proto']).toBe('UDP');
  });

  test('TCP alone is another fault', () => {
    expect(judge(check, healthyFacts({ lookups: blocked('tcp') })).status).toBe('passed');
  });

  test('a pod that does not answer its own node either is another fault', () => {
    const dead = lookupsWhere((row) => (row.server === corednsIPs[0] ? lost() : null));
    expect(judge(check, healthyFacts({ lookups: dead })).status).toBe('passed');
  });

  test('with one node nobody can tell', () => {
    const near = healthyRows().filter((row) => row.from.node === homes[0] && row.server === corednsIPs[0]);
    expect(judge(check, healthyFacts({ lookups: lookups(near) })).status).toBe('unknown');
    expect(judge(check, healthyFacts({ lookups: lookups([]) })).status).toBe('not-applicable');
  });
});
