import type { SystemPod } from '../domain/coredns.ts';
import type { Severity } from '../domain/finding.ts';
import { at, defineCheck, finding, found, passed } from './check.ts';
import { whenPodsDoNotServe } from './consequences.ts';
import { corednsArgs, corednsSubject, livePods, outage, podProof } from './coredns-view.ts';
import { directivesNamed } from './corefile-view.ts';
import { crashedBy, wasFailedByLiveness, wasOutOfMemory } from './crash.ts';
import { happenedWithin } from '../rules/recent.ts';

const restartedWithin = ({ container }: SystemPod, minutes: number, now: number): boolean =>
  container.restarts > 0 && happenedWithin(minutes, container.last?.finishedAt, now);

export default defineCheck({
  id: 'coredns-liveness-restarts',
  title: 'No CoreDNS pod is restarted by its liveness probe',
  why: 'The kubelet kills a pod whose /health does not answer, with all queries it was working on. That happens when the health plugin is gone from the Corefile, or when CoreDNS has no CPU left to answer.',
  docs: 'https://coredns.io/plugins/health/',
  wording: {
    default: {
      found: 'The liveness probe restarts CoreDNS: {count} of {of} pods ({pods}; {restarts} restarts, last at {lastAt})',
      next: [
        'Read the probe failures: kubectl -n {namespace} describe pod {pod}',
        'See if CPU is short: kubectl -n {namespace} top pod; remove a CPU limit or add replicas: kubectl -n {namespace} scale {target} --replicas=3',
      ],
    },
    'no-health': {
      found:
        'The liveness probe asks {path}, but the Corefile has no health plugin: {count} of {of} pods are restarted ({pods}; {restarts} restarts)',
      next: ['Put the line health back into the server block of the zone ".": kubectl -n {namespace} edit configmap {configMap}'],
    },
  },
  explains: [...whenPodsDoNotServe, 'coredns-churn-no-lameduck'],
  requires: ['coredns-pods', 'coredns-events'],
  uses: ['coredns-workload', 'corefile', 'coredns-logs'],
  judge(facts, { now }) {
    const { 'coredns-pods': pods, 'coredns-events': events, 'coredns-workload': workload, corefile } = facts;
    const looping = crashedBy('liveness', facts, now);
    const isOther = (pod: SystemPod) =>
      (['oom', 'loop', 'corefile', 'other'] as const).some((kind) => crashedBy(kind, facts, now).some((one) => one.pod.name === pod.name));
    const restarted = livePods(pods).filter(
      ({ pod }) => restartedWithin(pod, 60, now) && wasFailedByLiveness(pod, events) && !wasOutOfMemory(pod) && !isOther(pod),
    );
    const all = looping.length > 0 ? looping : restarted;
    const [first] = all;
    if (first === undefined) return passed;
    const now15 = all.some(({ pod }) => restartedWithin(pod, 15, now));
    const severity: Severity = looping.length > 0 ? outage(pods, now) : now15 ? 'high' : 'medium';
    const bare =
      corefile !== undefined && corefile.error === null && corefile.opaque.length === 0 && directivesNamed(corefile, 'health').length === 0;
    const args = {
      ...corednsArgs(workload, pods, all),
      restarts: first.pod.container.restarts,
      lastAt: first.pod.container.last?.finishedAt ?? 'not known',
      path: workload?.liveness?.path ?? '/health',
      configMap: corefile?.configMap ?? 'coredns',
    };
    const event = events.items.findIndex((one) => all.some(({ pod }) => pod.name === one.name) && /liveness probe/i.test(one.message));
    const proof = [at('coredns-events', `/items/${event}`), ...all.slice(0, 2).map((one) => podProof(one, '/container'))];
    const variant = bare && (workload?.liveness?.path ?? '/health') === '/health' ? 'no-health' : 'default';
    return found([finding('coredns-liveness-restarts', severity, corednsSubject(workload, pods), { variant, args, proof })]);
  },
});
