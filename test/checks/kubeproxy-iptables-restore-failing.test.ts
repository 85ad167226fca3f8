import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubeproxy-iptables-restore-failing.ts';
import { clusterClass, healthyFacts, homes, kubeProxyLog, kubeProxyLogs, lasting, lookupsWhere, lost, synced } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const reason = 'Failed to execute iptables-restore: exit status 1 (iptables-restore: line 1193 failed)';
const said = (over: Record<string, string> = {}) =>
  kubeProxyLogs([kubeProxyLog({ classes: [synced(), lasting('iptables-failed', { reason, ...over })] }), kubeProxyLog({}, 1)]);

describe('kubeproxy-iptables-restore-failing', () => {
  test('a log without failures passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('rules that cannot be written are found, with what iptables says', () => {
    expect(theFinding(check, healthyFacts({ 'kube-proxy-logs': said() }))).toMatchObject({
      severity: 'high',
      args: { nodes: [homes[0]], reason, pod: 'kube-proxy-a' },
    });
  });

  test('it is critical where the Service is not reached', () => {
    const lookups = lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.from.node === homes[0] ? lost() : null));
    expect(theFinding(check, healthyFacts({ 'kube-proxy-logs': said(), lookups })).severity).toBe('critical');
  });

  test('one failure over the lock, or one that is over, is no fault', () => {
    expect(judge(check, healthyFacts({ 'kube-proxy-logs': said({ countSince: '1' }) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'kube-proxy-logs': said({ ageSeconds: '600' }) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ 'kube-proxy-logs': said({ afterSync: 'false' }) })).status).toBe('passed');
  });

  test('where something replaces kube-proxy, it is not judged', () => {
    expect(judge(check, healthyFacts({ 'kube-proxy-logs': said(), 'cluster-class': clusterClass({ kubeProxy: 'replaced' }) })).status).toBe(
      'not-applicable',
    );
  });
});
