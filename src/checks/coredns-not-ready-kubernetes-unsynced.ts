import { defineCheck, finding, found, passed } from './check.ts';
import { whenPodsDoNotServe } from './consequences.ts';
import { corednsArgs, corednsSubject, outage, podProof } from './coredns-view.ts';
import { logOf, logProof } from './log-view.ts';
import { proofRows, rowsOf } from './lookup-view.ts';
import { unreadyPods } from './readiness.ts';

const failures = ['api-forbidden', 'api-timeout', 'api-error', 'api-bare', 'api-unsynced', 'not-ready-plugins', 'api-waiting'];

export default defineCheck({
  id: 'coredns-not-ready-kubernetes-unsynced',
  title: 'CoreDNS has read Services and endpoints from the API server',
  why: 'Until the kubernetes plugin has read Services and endpoints once, CoreDNS is not ready and answers names of the cluster with SERVFAIL. It needs the API server, and the right to list and watch.',
  docs: 'https://coredns.io/plugins/kubernetes/',
  wording: {
    found: '{count} of {of} CoreDNS pods run, but have not been able to read Services from the API server ({pods}): {reason}',
    next: [
      'Read what it says about the API: kubectl -n {namespace} logs {pod} | grep plugin/kubernetes',
      'Check the right: kubectl auth can-i list endpointslices.discovery.k8s.io --as=system:serviceaccount:{namespace}:{account}',
      'Check the way from the node of {pod} to the Service kubernetes (kube-proxy of that node, security group to the control plane on 443, egress policies)',
    ],
  },
  explains: [...whenPodsDoNotServe, 'coredns-stale-api-watch'],
  requires: ['coredns-pods'],
  uses: ['coredns-workload', 'coredns-logs', 'coredns-events', 'corefile', 'lookups', 'nodes'],
  judge(facts, { now }) {
    const { 'coredns-pods': pods, 'coredns-workload': workload, 'coredns-logs': logs, lookups } = facts;
    const unsynced = unreadyPods('unsynced', facts, now);
    if (unsynced.length === 0) return passed;
    const entries = unsynced.flatMap(({ pod }) => logOf(logs, pod.name)).filter((entry) => !entry.previous);
    const said = failures.flatMap((name) => entries.filter((entry) => entry.class === name));
    const names = unsynced.map(({ pod }) => pod.name);
    const rows =
      lookups === undefined
        ? []
        : rowsOf(lookups, { kind: 'endpoint', role: 'internal' }).filter(
            ({ row }) => names.includes(row.serverPod ?? '') && (row.rcodes['SERVFAIL'] ?? 0) > 0,
          );
    const args = {
      ...corednsArgs(workload, pods, unsynced),
      reason: said[0]?.fields['reason'] ?? said[0]?.sample ?? 'it answers kubernetes.default with SERVFAIL',
      account: workload?.serviceAccount ?? 'coredns',
    };
    const proof = [...logProof(said, 2), ...proofRows(rows, 2), ...unsynced.slice(0, 2).map((one) => podProof(one, '/ready'))];
    return found([finding('coredns-not-ready-kubernetes-unsynced', outage(pods, now), corednsSubject(workload, pods), { args, proof })]);
  },
});
