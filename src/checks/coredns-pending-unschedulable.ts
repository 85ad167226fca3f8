import type { Severity } from '../domain/finding.ts';
import { at, defineCheck, finding, found, passed } from './check.ts';
import { whenPodsDoNotServe } from './consequences.ts';
import { corednsArgs, corednsSubject, livePods, podProof, servingPods } from './coredns-view.ts';
import { happenedWithin } from '../rules/recent.ts';

/** A pod that waits for a node to be started is nothing unusual while others serve. */
const graceMinutes = 5;

export default defineCheck({
  id: 'coredns-pending-unschedulable',
  title: 'Every CoreDNS pod has found a node',
  why: 'A Pending pod answers nothing. When all are Pending, or the last running one goes, every lookup in the cluster fails.',
  docs: 'https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/',
  wording: {
    found: '{count} of {of} CoreDNS pods cannot be scheduled ({pods}): {reason}',
    next: [
      'Read what the scheduler says of each node: kubectl -n {namespace} describe pod {pod}',
      'Compare node selector {selector}, affinity and tolerations of {target} with the nodes: kubectl get nodes --show-labels; kubectl describe nodes',
      'Add a node that fits, or correct {target} (on EKS in the configuration of the add-on, which owns these fields)',
    ],
  },
  explains: [...whenPodsDoNotServe],
  requires: ['coredns-pods'],
  uses: ['coredns-workload'],
  judge({ 'coredns-pods': pods, 'coredns-workload': workload }, { now }) {
    const waiting = livePods(pods).filter(({ pod }) => pod.unschedulable !== null);
    if (waiting.length === 0) return passed;
    const serving = servingPods(pods, now).length;
    const young = waiting.every(({ pod }) => happenedWithin(graceMinutes, pod.createdAt, now));
    const severity: Severity = serving === 0 ? 'critical' : young ? 'info' : serving === 1 ? 'high' : 'medium';
    const selector = Object.entries(workload?.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`);
    const args = {
      ...corednsArgs(workload, pods, waiting),
      reason: waiting[0]?.pod.unschedulable ?? '',
      selector: selector.length === 0 ? 'none' : selector,
    };
    const proof = [
      ...waiting.slice(0, 3).map((one) => podProof(one, '/unschedulable')),
      ...(selector.length === 0 ? [] : [at('coredns-workload', '/nodeSelector')]),
    ];
    return found([finding('coredns-pending-unschedulable', severity, corednsSubject(workload, pods), { args, proof })]);
  },
});
