import { z } from 'zod';
import type { ReadingData } from '../domain/evidence.ts';
import type { Permission } from '../domain/reading.ts';
import { kubeProxyHelps, kubeProxyRefusal } from './kube-proxy/condition.ts';
import { ProxyPlan, renewKubeProxy } from './kube-proxy/renew.ts';
import { type LivePod, livePods } from './pods/live-pod.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

const Params = z.strictObject({
  node: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'is the name of a node'),
});
type Params = z.infer<typeof Params>;

type Proxy = ReadingData['kube-proxy'];

const needs: readonly Permission[] = [
  { group: '', resource: 'pods/eviction', verb: 'create', scope: 'system' },
  { group: '', resource: 'pods', verb: 'get', scope: 'system' },
  { group: '', resource: 'pods', verb: 'list', scope: 'system' },
  { group: '', resource: 'pods/log', verb: 'get', scope: 'system' },
];

/** kube-proxy's DaemonSet and its pod on the node, as the check saw them. */
function proxyOn(
  { evidence }: PlanContext,
  node: string,
): { daemonSet: NonNullable<Proxy['daemonSet']>; pod: Proxy['pods'][number] } | NoDraft {
  const reading = evidence['kube-proxy'];
  if (reading?.status !== 'ok')
    return { why: 'unknown', says: `kube-proxy could not be read: ${reading?.message ?? 'it was not looked at'}` };
  const { daemonSet, pods } = reading.data;
  if (daemonSet === null) {
    const by = evidence['cluster-class']?.status === 'ok' ? evidence['cluster-class'].data.kubeProxyReplacedBy : null;
    return { why: 'not-here', says: `kube-proxy does not run as a DaemonSet here${by === null ? '' : `: ${by} does its work`}` };
  }
  const own = pods.filter((pod) => pod.node === node && pod.phase !== 'Failed' && pod.phase !== 'Succeeded');
  const pod = own.find(({ terminating }) => !terminating);
  if (pod !== undefined) return { daemonSet, pod };
  if (own.length > 0) return { why: 'not-needed', says: `kube-proxy on ${node} is being replaced already` };
  const { namespace, name } = daemonSet;
  const next = [`See why the DaemonSet leaves it out: kubectl -n ${namespace} describe daemonset ${name}`];
  return { why: 'not-here', says: `no kube-proxy pod is on node ${node}`, next };
}

/** A selector that picks kube-proxy's pods: its usual label, else all that the pod itself has. */
const selectorOf = (labels: Readonly<Record<string, string>>): string =>
  labels['k8s-app'] === undefined
    ? Object.entries(labels)
        .filter(([key]) => !['controller-revision-hash', 'pod-template-generation'].includes(key))
        .map(([key, value]) => `${key}=${value}`)
        .join(',')
    : `k8s-app=${labels['k8s-app']}`;

function draft(
  { evidence }: PlanContext,
  { daemonSet, pod }: Exclude<ReturnType<typeof proxyOn>, NoDraft>,
  live: LivePod,
): Draft<ProxyPlan> {
  const { namespace, name } = daemonSet;
  const node = pod.node ?? '';
  const service = evidence['dns-service']?.status === 'ok' ? evidence['dns-service'].data : null;
  const address = service?.clusterIPs[0] ?? null;
  const zone = evidence.lookups?.status === 'ok' ? evidence.lookups.data.zone.replace(/\.$/, '') : 'cluster.local';
  return {
    summary: `evict pod ${namespace}/${live.name} on ${node}, and wait until a new kube-proxy there has written its rules`,
    helps: kubeProxyHelps(evidence, pod),
    warnings: [
      'For some seconds changes of Services and endpoints do not reach this node; the rules that are there stay.',
      ...(service !== null && address === null ? ['The DNS Service has no address, so it cannot be asked from the node afterwards.'] : []),
    ],
    objects: [{ object: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace, name }, does: 'restart', diff: [], owner: null }],
    pods: [{ namespace, name: live.name, uid: live.uid, node }],
    undo: null,
    endsAfterMs: null,
    data: {
      namespace,
      daemonSet: name,
      selector: selectorOf(pod.labels),
      node,
      service: address === null ? null : { address, port: 53 },
      question: { name: `kubernetes.default.svc.${zone}.`, proto: 'udp' },
    },
  };
}

/** Starts kube-proxy anew on one node. */
export const restartKubeProxy: Remedy<Params, ProxyPlan> = {
  id: 'restart-kube-proxy',
  title: 'Restart kube-proxy on one node',
  helps: 'Where the rules of a node are missing or old, or kube-proxy there is stuck.',
  risk: 'disruptive',
  needs,
  params: Params,
  paramHelp: { node: 'the name of the node' },
  data: ProxyPlan,
  proves: [
    'kubeproxy-rules-missing',
    'kubeproxy-iptables-restore-failing',
    'kubeproxy-not-running-on-node',
    'kubeproxy-crashloop',
    'kubeproxy-apiserver-unreachable',
  ],
  effect: { withinMs: 60_000, why: 'a new kube-proxy reads all Services and writes its rules within seconds; its log must say so' },
  async plan(context, { node }) {
    const found = proxyOn(context, node);
    if ('why' in found) return found;
    const refusal = kubeProxyRefusal(context.evidence, node);
    if (refusal !== null) return refusal;
    const { namespace } = found.daemonSet;
    const pods = await livePods(context.port, { namespace, selector: selectorOf(found.pod.labels), node }, { signal: context.signal });
    const live = pods.find(({ name, terminating }) => name === found.pod.name && !terminating);
    if (live === undefined) return { why: 'not-needed', says: `kube-proxy on ${node} was replaced just now`, next: ['Check again.'] };
    if (live.owner?.kind !== 'DaemonSet')
      return { why: 'not-here', says: `pod ${live.name} belongs to no DaemonSet: nobody would make another in its place` };
    return draft(context, found, live);
  },
  apply(context, data, { pods: [old] }) {
    if (old === undefined)
      return Promise.resolve({ outcome: 'refused', says: 'the plan names no pod', next: ['Check again.'], undoable: false });
    const began = context.now();
    const title = `kube-proxy on ${data.node}`;
    const say = (says: string): void =>
      context.say({ id: 'kube-proxy', title: `${title}: ${says}`, state: 'running', reason: null, durationMs: null });
    return renewKubeProxy(context, data, old, say).then((acted) => {
      const isDone = acted.outcome === 'applied';
      context.say({
        id: 'kube-proxy',
        title,
        state: isDone ? 'ok' : 'failed',
        reason: isDone ? null : acted.says,
        durationMs: context.now() - began,
      });
      return acted;
    });
  },
  undo: null,
};
