import type { CorednsWorkload } from '../domain/coredns.ts';
import { at, defineCheck, finding, found, notApplicable, passed, unknown } from './check.ts';
import { whenPodsDoNotServe } from './consequences.ts';
import { corednsArgs, corednsSubject, livePods } from './coredns-view.ts';
import { reachOf } from './lookup-view.ts';

/** Why there are none: nobody wants any, the controller cannot create them, or nothing is there that would. */
function variantOf(workload: CorednsWorkload | undefined): string {
  if (workload === undefined) return 'missing';
  if (workload.desired > 0) return 'refused';
  return workload.kind === 'DaemonSet' ? 'nowhere' : 'scaled';
}

export default defineCheck({
  id: 'coredns-no-pods',
  title: 'CoreDNS pods exist',
  why: 'All names that pods look up go to the CoreDNS pods behind the Service kube-dns. Without a pod nobody answers, for names of the cluster and of the world alike.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/#check-if-the-dns-pod-is-running',
  wording: {
    scaled: {
      found: '{target} in {namespace} is scaled to 0: no CoreDNS pod runs, and no lookup in the cluster is answered',
      next: [
        'Bring it back: kubectl -n {namespace} scale {target} --replicas=2',
        'See who or what scaled it down (autoscaler: {autoscaler}): kubectl -n {namespace} describe {target}',
      ],
    },
    refused: {
      found: '{target} in {namespace} wants {desired} CoreDNS pods, but none exists: {message}',
      next: [
        'See what refuses them (quotas, admission webhooks and a missing service account do this): kubectl -n {namespace} describe replicaset',
      ],
    },
    nowhere: {
      found: '{target} in {namespace} fits no node, so no CoreDNS pod runs',
      next: [
        'Compare its node selector with the labels of the nodes: kubectl -n {namespace} get {target} -o yaml; kubectl get nodes --show-labels',
      ],
    },
    missing: {
      found: 'No CoreDNS pod runs in {namespace}, and no workload was found that would start one',
      next: [
        'See what is there: kubectl -n {namespace} get deployments,daemonsets',
        'On EKS install the add-on again: aws eks create-addon --cluster-name CLUSTER --addon-name coredns',
      ],
    },
  },
  explains: [...whenPodsDoNotServe],
  requires: ['coredns-pods'],
  uses: ['coredns-workload', 'cluster-class', 'endpoint-slices', 'lookups', 'dns-service'],
  judge(facts, context) {
    const { 'coredns-pods': pods, 'coredns-workload': workload, 'cluster-class': cluster, lookups } = facts;
    if (livePods(pods).length > 0) return passed;
    const reason = context.failed?.['coredns-workload'];
    if (workload === undefined) {
      if (cluster !== undefined && cluster.autoMode !== 'none') return notApplicable('EKS Auto Mode answers DNS on the node itself');
      if (reason !== undefined && reason !== 'missing') return unknown(`the workload of CoreDNS could not be read (${reason})`);
    }
    const answers = lookups !== undefined && reachOf(lookups, { kind: ['cluster-ip', 'node-local', 'nameserver'], how: 'probe' }) === 'all';
    const endpoints = (facts['endpoint-slices']?.endpoints ?? []).some((endpoint) => endpoint.ready);
    if (workload === undefined && (answers || endpoints)) return unknown('DNS is served, but its pods were not found');
    const namespace = workload?.namespace ?? facts['dns-service']?.namespace ?? 'kube-system';
    const args = {
      ...corednsArgs(workload, pods, []),
      namespace,
      desired: workload?.desired ?? 0,
      message: workload?.condition?.message ?? 'its controller does not say why',
      autoscaler: workload?.autoscaler ?? 'none',
    };
    const scalable = workload !== undefined && workload.desired === 0 && workload.kind !== 'DaemonSet';
    const proof = [at('coredns-pods', '/items'), ...(workload === undefined ? [] : [at('coredns-workload', '/desired')])];
    const remedies = scalable ? [{ id: 'scale-coredns', params: { replicas: 2 } }] : [];
    return found([
      finding('coredns-no-pods', 'critical', corednsSubject(workload, pods), { variant: variantOf(workload), args, proof, remedies }),
    ]);
  },
});
