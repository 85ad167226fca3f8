import type { SystemPod } from '../domain/coredns.ts';
import { at, defineCheck, finding, found, passed } from './check.ts';
import { corednsArgs, corednsSubject, livePods, outage, type Placed, podProof, servingPods } from './coredns-view.ts';
import { logOf } from './log-view.ts';
import { type ReadinessFacts, unreadyPods } from './readiness.ts';
import { happenedWithin } from '../rules/recent.ts';

/** Waiting for these has a check of its own. */
const known = [
  'CrashLoopBackOff',
  'RunContainerError',
  'StartError',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
  'ErrSignatureValidationFailed',
];

/** Pods that have a node, and whose container has not been started for minutes. */
function unstarted(facts: ReadinessFacts, now: number): Placed[] {
  const calm = servingPods(facts['coredns-pods'], now).length > 0;
  const isHeld = ({ container, node, createdAt, unschedulable }: SystemPod) =>
    node !== null &&
    unschedulable === null &&
    (container.state === 'waiting' || container.state === 'unknown') &&
    !known.includes(container.reason ?? '') &&
    !happenedWithin(calm ? 3 : 1, createdAt, now);
  const isDown = (name: string | null) => facts.nodes?.items.some((node) => node.name === name && !node.ready) ?? false;
  return livePods(facts['coredns-pods']).filter(({ pod }) => isHeld(pod) && !isDown(pod.node));
}

/** What the kubelet last complained about this pod. */
const complaint = (pod: SystemPod, { 'coredns-events': events }: ReadinessFacts): number =>
  (events?.items ?? []).findIndex((event) => event.kind === 'Pod' && event.name === pod.name && event.type === 'Warning');

function reasonOf(pod: SystemPod, facts: ReadinessFacts): string {
  const waits = logOf(facts['coredns-logs'], pod.name).find((entry) => entry.class === 'not-ready-plugins' && !entry.previous);
  if (waits !== undefined && pod.container.state === 'running') return `it waits for the plugin ${waits.fields['plugins'] ?? ''}`;
  const event = facts['coredns-events']?.items[complaint(pod, facts)];
  return event?.message ?? pod.container.message ?? pod.container.reason ?? 'no reason was found';
}

export default defineCheck({
  id: 'coredns-not-ready',
  title: 'Every CoreDNS pod becomes ready',
  why: 'The Service sends queries only to pods that are ready. The fewer are, the more each has to carry, and with the last one DNS ends.',
  docs: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  wording: {
    running: {
      found: '{count} of {of} CoreDNS pods run but are not ready ({pods}): {reason}',
      next: [
        'See what the readiness probe meets: kubectl -n {namespace} describe pod {pod}',
        'Read its log: kubectl -n {namespace} logs {pod}',
      ],
    },
    waiting: {
      found: '{count} of {of} CoreDNS pods have a node but do not start ({pods}): {reason}',
      next: [
        'See what holds them up: kubectl -n {namespace} describe pod {pod}',
        'An address that cannot be assigned means a full subnet or a CNI plugin that does not work on the node',
      ],
    },
  },
  explains: [
    'kubedns-endpoints-empty',
    'coredns-single-point',
    'coredns-endpoint-unanswering',
    'coredns-internal-name-error',
    'coredns-nothing-listening',
    'coredns-drops-queries',
    'coredns-slow-answers',
  ],
  requires: ['coredns-pods'],
  uses: ['coredns-workload', 'coredns-events', 'coredns-logs', 'corefile', 'lookups', 'nodes'],
  judge(facts, { now }) {
    const { 'coredns-pods': pods, 'coredns-workload': workload } = facts;
    const running = unreadyPods('other', facts, now);
    const held = running.length > 0 ? running : unstarted(facts, now);
    const [first] = held;
    if (first === undefined) return passed;
    const args = { ...corednsArgs(workload, pods, held), reason: reasonOf(first.pod, facts) };
    const event = complaint(first.pod, facts);
    const proof = [
      ...held.slice(0, 2).map((one) => podProof(one, '/container')),
      ...(event < 0 ? [] : [at('coredns-events', `/items/${event}`)]),
    ];
    const variant = running.length > 0 ? 'running' : 'waiting';
    return found([finding('coredns-not-ready', outage(pods, now), corednsSubject(workload, pods), { variant, args, proof })]);
  },
});
