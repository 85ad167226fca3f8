import type { Lookups } from '../domain/lookups.ts';
import { watchFailures, watchMinutes, watchStillFails } from '../rules/coredns-complaints.ts';
import { isClusterName } from '../rules/names.ts';
import { defineCheck, finding, found, passed } from './check.ts';
import { corednsArgs, corednsSubject, podNames, podProof, servingPods } from './coredns-view.ts';
import { countOf, lately, logProof } from './log-view.ts';
import { proofRows, rowsOf } from './lookup-view.ts';
import type { IndexedRow } from './outside-view.ts';

const always = ({ row }: IndexedRow, rcode: string): boolean => row.answered > 0 && row.rcodes[rcode] === row.answered;

/** A cluster name for which one pod always has an address and another never: they have read different things. */
function differing(lookups: Lookups): { name: string; rows: IndexedRow[] } | null {
  const asked = rowsOf(lookups, { kind: 'endpoint', how: 'probe', role: 'asked' }).filter(({ row }) =>
    isClusterName(row.name, lookups.zone),
  );
  for (const [name, rows] of Map.groupBy(asked, ({ row }) => row.name)) {
    const denying = rows.filter((one) => always(one, 'NXDOMAIN'));
    const knowing = rows.filter((one) => always(one, 'NOERROR') && one.row.answers.length > 0);
    const apart = denying.some(({ row }) => knowing.some((other) => other.row.server !== row.server));
    if (apart) return { name, rows: [...denying.slice(0, 1), ...knowing.slice(0, 1)] };
  }
  return null;
}

export default defineCheck({
  id: 'coredns-stale-api-watch',
  title: 'Ready CoreDNS pods keep up with the API server',
  why: 'Once ready, CoreDNS stays ready when it loses the API server: it goes on with what it last read. New Services are then unknown to it and deleted ones live on.',
  docs: 'https://coredns.io/plugins/kubernetes/',
  wording: {
    errors: {
      found: '{count} of {of} CoreDNS pods are ready but cannot read the API server, so they serve old data ({pods}): {reason}',
      next: [
        'Read what they say: kubectl -n {namespace} logs {pod} | grep plugin/kubernetes',
        'Check the way from their nodes to the Service kubernetes (kube-proxy, security group to the control plane on 443)',
        'When the way is free, replace one pod after the other: kubectl -n {namespace} delete pod {pod}',
      ],
    },
    differs: {
      found: 'CoreDNS pods contradict each other about {lookup}: {pods} does not know it, another pod does',
      next: [
        'Wait 30 seconds and ask again: a name created just now is denied from the cache for so long',
        'If they still differ, replace the pod that does not know it: kubectl -n {namespace} delete pod {pod}',
      ],
    },
  },
  explains: ['coredns-internal-name-error'],
  requires: ['coredns-pods'],
  uses: ['coredns-workload', 'coredns-logs', 'lookups'],
  judge({ 'coredns-pods': pods, 'coredns-workload': workload, 'coredns-logs': logs, lookups }, { now }) {
    const serving = servingPods(pods, now);
    const said = lately(logs, watchFailures, watchMinutes, now);
    const stale = serving.filter(({ pod }) => countOf(said.filter((entry) => entry.pod === pod.name)) >= watchStillFails);
    const subject = corednsSubject(workload, pods);
    if (stale.length > 0) {
      const own = said.filter((entry) => podNames(stale).includes(entry.pod));
      const args = { ...corednsArgs(workload, pods, stale), reason: own[0]?.fields['reason'] ?? own[0]?.sample ?? '' };
      const proof = [...logProof(own), ...stale.slice(0, 2).map((one) => podProof(one, '/ready'))];
      const one = { id: 'delete-coredns-pod', params: { pod: stale[0]?.pod.name } };
      const remedies = [stale.length === 1 ? one : { id: 'restart-coredns', params: {} }];
      return found([finding('coredns-stale-api-watch', 'high', subject, { variant: 'errors', args, proof, remedies })]);
    }
    const split = lookups === undefined ? null : differing(lookups);
    if (split === null) return passed;
    const pod = split.rows[0]?.row.serverPod ?? split.rows[0]?.row.server ?? '';
    const args = { ...corednsArgs(workload, pods, serving), lookup: split.name, pods: [pod], pod };
    const remedies = serving.some((one) => one.pod.name === pod) ? [{ id: 'delete-coredns-pod', params: { pod } }] : [];
    return found([
      finding('coredns-stale-api-watch', 'medium', subject, { variant: 'differs', args, proof: proofRows(split.rows), remedies }),
    ]);
  },
});
