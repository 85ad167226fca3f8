import { Failure } from '../base/failure.ts';
import type { ClusterClass, Nodes } from '../domain/nodes.ts';
import { outcome } from './bounded.ts';
import type { CollectContext, Collector } from './collector.ts';
import { type DaemonSets, daemonSetOf, readDaemonSets, readDaemonSetsElsewhere } from './daemon-sets.ts';
import { kubeProxyKind } from './kube-proxy-kind.ts';
import { nodeLocalDns } from './node-local-dns.ts';
import { str } from './pick.ts';
import { platformOf } from './platform.ts';
import { policyEngine } from './policy-engine.ts';

type Share = ClusterClass['autoMode'];
type Compute = 'auto' | 'fargate';

/** What kind of cluster this is: a wrong class makes false findings. */
export const clusterClass: Collector<'cluster-class'> = {
  id: 'cluster-class',
  title: 'Finding out what kind of cluster this is',
  after: ['nodes'],
  needs: [
    { group: '', resource: 'nodes', verb: 'list', scope: 'cluster' },
    { group: 'apps', resource: 'daemonsets', verb: 'list', scope: 'system' },
    { group: 'apps', resource: 'daemonsets', verb: 'list', scope: 'cluster', optional: true },
    { group: '', resource: 'configmaps', verb: 'get', scope: 'system' },
  ],
  timeoutMs: 8000,
  async collect(context) {
    const nodes = nodesOf(context);
    const [{ version, platform }, daemonSets, autoMode, fargate] = await Promise.all([
      readPlatform(context, nodes),
      networkOf(context),
      shareOf(context, nodes, 'auto'),
      shareOf(context, nodes, 'fargate'),
    ]);
    const around = { platform, managedNodes: managedNodes(nodes, autoMode, fargate) };
    const [proxy, local] = await Promise.all([
      kubeProxyKind(context.port, daemonSets, around, context.signal),
      nodeLocalDns(context.port, daemonSets, context.signal),
    ]);
    return { version, platform, autoMode, fargate, ...proxy, nodeLocalDns: local, policyEngine: policyEngine(daemonSets, platform) };
  },
};

function nodesOf({ have }: CollectContext): Nodes {
  const nodes = have.nodes;
  if (nodes?.status === 'ok') return nodes.data;
  const why = nodes?.message ?? 'not asked for';
  throw new Failure(nodes?.reason ?? 'skipped', `without the nodes nobody knows what kind of cluster this is: ${why}`, {
    allow: nodes?.allow,
  });
}

/** Any one node tells the platform: its labels are the installer's. */
async function readPlatform({ port, signal }: CollectContext, nodes: Nodes): Promise<{ version: string; platform: string }> {
  const [server, list] = await Promise.all([
    outcome(port.get('/version', {}, { signal })),
    outcome(port.list('/api/v1/nodes', { limit: 1, signal })),
  ]);
  const said = 'value' in server ? str(server.value, 'gitVersion') : null;
  const version = said ?? nodes.items[0]?.kubeletVersion ?? '';
  return { version, platform: platformOf(version, 'value' in list ? list.value.items[0] : null) };
}

/** Calico's operator and some installations of Cilium use a namespace of their own: looked for where kube-system does not show all parts. */
async function networkOf({ port, signal }: CollectContext): Promise<DaemonSets> {
  const { items, complete } = await readDaemonSets(port, signal);
  if (complete && daemonSetOf(items, 'kube-proxy') !== null && policyEngine(items, '') !== null) return items;
  return [...items, ...(await readDaemonSetsElsewhere(port, signal))];
}

/** How many of the nodes are of that kind; where only the first 100 were read, one more question tells whether the rest are like them. */
async function shareOf({ port, signal }: CollectContext, nodes: Nodes, compute: Compute): Promise<Share> {
  const some = nodes.items.some((node) => node.kind === compute);
  const others = nodes.items.some((node) => node.kind !== compute);
  if (nodes.complete || (some && others)) return share(some, others);
  const labelSelector = `eks.amazonaws.com/compute-type${some ? '!=' : '='}${compute}`;
  const found = await outcome(port.list('/api/v1/nodes', { labelSelector, limit: 1, signal }));
  const beyond = 'value' in found && found.value.items.length > 0;
  return some ? share(true, beyond) : share(beyond, others);
}

function share(some: boolean, others: boolean): Share {
  if (!some) return 'none';
  return others ? 'some' : 'all';
}

function managedNodes(nodes: Nodes, autoMode: Share, fargate: Share): string | null {
  if (autoMode === 'all') return 'eks-auto-mode';
  if (fargate === 'all') return 'fargate';
  const mixed = nodes.complete && nodes.items.length > 0 && nodes.items.every(({ kind }) => kind === 'auto' || kind === 'fargate');
  return mixed ? 'eks-auto-mode' : null;
}
