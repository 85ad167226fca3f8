import type { Severity } from '../domain/finding.ts';
import { at, defineCheck, finding, found, passed } from './check.ts';
import { whenPodsCrash } from './consequences.ts';
import { corednsArgs, corednsSubject, livePods, outage, type Placed, podProof } from './coredns-view.ts';
import { crashedBy, wasOutOfMemory } from './crash.ts';
import { happenedWithin } from '../rules/recent.ts';

const mebibytes = (bytes: number | null | undefined): string =>
  bytes === null || bytes === undefined ? 'not known' : `${Math.round(bytes / 1_048_576)} MiB`;

const killedLately = ({ pod }: Placed, now: number): boolean =>
  pod.container.last !== null && wasOutOfMemory(pod) && happenedWithin(60, pod.container.last.finishedAt, now);

export default defineCheck({
  id: 'coredns-oomkilled',
  title: 'CoreDNS is not killed for memory',
  why: 'The kernel kills a CoreDNS that goes over its memory limit, and all queries it was working on are lost. It needs about 55 MB plus 1 MB for every 1000 pods and Services.',
  docs: 'https://github.com/coredns/deployment/blob/master/kubernetes/Scaling_CoreDNS.md',
  wording: {
    found: '{count} of {of} CoreDNS pods were killed for memory ({pods}; limit {limit}, {restarts} restarts, last at {lastAt})',
    next: [
      'Raise the limit (on EKS in the configuration of the add-on): kubectl -n {namespace} set resources {target} --limits=memory=170Mi --requests=memory=70Mi',
      'Compare with what it uses: kubectl -n {namespace} top pod',
      'If memory grew with a failing upstream, bound it: forward . /etc/resolv.conf with max_concurrent 1000 in the Corefile',
    ],
  },
  explains: [...whenPodsCrash, 'coredns-crashloop'],
  requires: ['coredns-pods'],
  uses: ['coredns-logs', 'coredns-events', 'coredns-workload', 'corefile'],
  judge(facts, { now }) {
    const { 'coredns-pods': pods, 'coredns-workload': workload } = facts;
    const crashing = crashedBy('oom', facts, now);
    const lately = livePods(pods).filter((one) => killedLately(one, now));
    const killed = crashing.length > 0 ? crashing : lately;
    const [first] = killed;
    if (first === undefined) return passed;
    const again = killed.some(({ pod }) => pod.container.restarts >= 2);
    const severity: Severity = crashing.length > 0 ? outage(pods, now) : again ? 'high' : 'info';
    const { last, restarts } = first.pod.container;
    const args = {
      ...corednsArgs(workload, pods, killed),
      limit: mebibytes(workload?.memoryLimitBytes),
      restarts,
      lastAt: last?.finishedAt ?? 'not known',
    };
    const proof = [
      ...killed.slice(0, 3).map((one) => podProof(one, '/container')),
      ...(workload === undefined ? [] : [at('coredns-workload', '/memoryLimitBytes')]),
    ];
    const remedies = [{ id: 'raise-coredns-memory', params: {} }];
    return found([finding('coredns-oomkilled', severity, corednsSubject(workload, pods), { args, proof, remedies })]);
  },
});
