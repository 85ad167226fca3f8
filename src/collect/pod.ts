import { Failure } from '../base/failure.ts';
import type { Json } from '../cluster/port.ts';
import type { NamedPod } from '../domain/pod.ts';
import type { CollectContext, Collector } from './collector.ts';
import { findPod, type FoundPod } from './find-pod.ts';
import { arr, num, obj, str, strMap, strings } from './pick.ts';
import { type Inside, readInside } from './read-inside.ts';

const ownerOf = ({ pod, workload }: FoundPod): string | null => {
  const owner = arr(pod, 'metadata.ownerReferences')[0];
  return workload ?? (owner === undefined ? null : `${str(owner, 'kind') ?? 'unknown'}/${str(owner, 'name') ?? ''}`);
};

/** How a container ended; between two restarts nothing else tells that it does not run. */
function endOf(status: unknown): string | null {
  const reason = str(status, 'state.terminated.reason');
  return reason === null ? null : `${reason} (exit status ${num(status, 'state.terminated.exitCode') ?? 'unknown'})`;
}

/** Why the pod does not run: the waiting reason of a container, the scheduler's message, how a container ended, or its phase. */
function notRunning(pod: Json): string | null {
  const statuses = arr(pod, 'status.containerStatuses');
  if (statuses.some((status) => 'running' in obj(status, 'state'))) return null;
  const waiting = statuses.map((status) => str(status, 'state.waiting.reason')).find((reason) => reason !== null);
  const scheduled = arr(pod, 'status.conditions').find(
    (condition) => str(condition, 'type') === 'PodScheduled' && str(condition, 'status') === 'False',
  );
  const ended = statuses.map(endOf).find((end) => end !== null);
  return waiting ?? str(scheduled, 'message') ?? str(pod, 'status.reason') ?? ended ?? str(pod, 'status.phase') ?? 'unknown';
}

function dnsConfigOf(pod: Json): NamedPod['dnsConfig'] {
  if (!('dnsConfig' in obj(pod, 'spec'))) return null;
  const options = arr(pod, 'spec.dnsConfig.options').map((option) => ({ name: str(option, 'name') ?? '', value: str(option, 'value') }));
  return { nameservers: strings(pod, 'spec.dnsConfig.nameservers'), searches: strings(pod, 'spec.dnsConfig.searches'), options };
}

/** Containers to look into: the default one first, then the others that run. */
function containersOf(pod: Json): NamedPod['containers'] {
  const running = new Set(
    arr(pod, 'status.containerStatuses')
      .filter((s) => 'running' in obj(s, 'state'))
      .map((s) => str(s, 'name')),
  );
  const preferred = str(pod, ['metadata', 'annotations', 'kubectl.kubernetes.io/default-container']);
  return arr(pod, 'spec.containers')
    .map((container) => ({
      name: str(container, 'name') ?? '',
      image: str(container, 'image') ?? '',
      running: running.has(str(container, 'name')),
    }))
    .toSorted((a, b) => Number(b.name === preferred) - Number(a.name === preferred));
}

/** What the API says of the pod; nothing of what is inside it. */
function fromSpec(
  found: FoundPod,
): Omit<NamedPod, 'nodeReady' | 'events' | 'resolvConf' | 'resolvConfHow' | 'tools' | 'libc' | 'execContainer' | 'notes'> {
  const { pod } = found;
  return {
    namespace: str(pod, 'metadata.namespace') ?? '',
    name: str(pod, 'metadata.name') ?? '',
    owner: ownerOf(found),
    node: str(pod, 'spec.nodeName'),
    phase: str(pod, 'status.phase') ?? 'Unknown',
    notRunning: notRunning(pod),
    ips: arr(pod, 'status.podIPs').flatMap((entry) => str(entry, 'ip') ?? []),
    labels: strMap(pod, 'metadata.labels'),
    dnsPolicy: str(pod, 'spec.dnsPolicy') ?? 'ClusterFirst',
    hostNetwork: obj(pod, 'spec')['hostNetwork'] === true,
    os: str(pod, 'spec.os.name') ?? str(pod, ['spec', 'nodeSelector', 'kubernetes.io/os']) ?? 'linux',
    dnsConfig: dnsConfigOf(pod),
    containers: containersOf(pod),
    computed: null,
  };
}

async function dnsEvents({ port, signal }: CollectContext, pod: { namespace: string; name: string }): Promise<NamedPod['events']> {
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${pod.name}`;
  const { items } = await port.list(`/api/v1/namespaces/${pod.namespace}/events`, { fieldSelector, limit: 50, signal });
  return items
    .map((event) => ({ reason: str(event, 'reason') ?? '', message: (str(event, 'message') ?? '').slice(0, 500) }))
    .filter(({ reason }) => reason === 'DNSConfigForming' || reason === 'MissingClusterDNS');
}

const blind = (note: string): Inside => ({ container: null, resolvConf: null, tools: [], libc: null, notes: [note] });

async function inside({ port, signal }: CollectContext, pod: ReturnType<typeof fromSpec>, nodeReady: boolean | null): Promise<Inside> {
  if (pod.notRunning !== null) return blind(`the pod does not run: ${pod.notRunning}`);
  if (nodeReady === false) return blind(`node ${pod.node} is not ready, so nothing can be run in the pod`);
  if (pod.os !== 'linux') return blind(`the pod runs ${pod.os}`);
  const running = pod.containers.filter((container) => container.running).map((container) => container.name);
  return readInside(port, pod.namespace, pod.name, running, signal);
}

/** The pod of the complaint: its DNS settings, and what stands in its resolv.conf when a container has a shell or cat. */
export const pod: Collector<'pod'> = {
  id: 'pod',
  title: 'Looking into the pod',
  after: ['nodes'],
  needs: [
    { group: '', resource: 'pods', verb: 'get', scope: 'pod' },
    { group: '', resource: 'pods', verb: 'list', scope: 'pod' },
    { group: '', resource: 'pods/exec', verb: 'create', scope: 'pod' },
    { group: '', resource: 'pods/exec', verb: 'get', scope: 'pod' },
    { group: '', resource: 'events', verb: 'list', scope: 'pod' },
    ...(['deployments', 'statefulsets', 'daemonsets', 'replicasets'] as const).map(
      (resource) => ({ group: 'apps', resource, verb: 'get', scope: 'pod' }) as const,
    ),
    { group: 'batch', resource: 'jobs', verb: 'get', scope: 'pod' },
  ],
  timeoutMs: 15_000,
  skip: (request) => (request.pod === null ? 'no pod was named' : null),
  async collect(context) {
    const { port, request, have, signal } = context;
    const spec = fromSpec(await findPod(port, request.pod ?? '', request.node, signal));
    const nodes = have.nodes?.status === 'ok' ? have.nodes.data.items : [];
    const nodeReady = nodes.find((node) => node.name === spec.node)?.ready ?? null;
    const [seen, events] = await Promise.all([
      inside(context, spec, nodeReady),
      dnsEvents(context, spec).catch((error: unknown) => (error instanceof Failure ? [] : Promise.reject(error))),
    ]);
    const { container, resolvConf, tools, libc, notes } = seen;
    return {
      ...spec,
      nodeReady,
      events,
      resolvConf,
      resolvConfHow: resolvConf === null ? null : 'exec',
      tools,
      libc,
      execContainer: container,
      notes,
    };
  },
};
