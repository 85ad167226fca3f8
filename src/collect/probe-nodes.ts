import type { SystemPod } from '../domain/coredns.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Node } from '../domain/nodes.ts';
import { given } from './given.ts';

/** Which nodes to ask from. */
export interface ProbeNodes {
  /** The node of the complaint first, then nodes that make same-node and cross-node paths comparable. */
  nodes: string[];
  /** Wished for, but nothing can be started there: the node and why. */
  refused: { node: string; reason: string }[];
}

interface Wanted {
  nodes: readonly Node[];
  coredns: readonly SystemPod[];
  /** The node of the named pod or of the request. */
  complaint: string | null;
  max: number;
}

const unusable = (node: Node): string | null => {
  if (!node.ready) return `node ${node.name} is not ready`;
  if (node.os !== 'linux') return `node ${node.name} runs ${node.os}`;
  return node.kind === 'fargate' || node.kind === 'virtual' ? `node ${node.name} takes no pod of ours (${node.kind})` : null;
};

/**
 * Chooses the nodes to put probe pods on: the complaint's node, one that hosts CoreDNS and one that does not host the same pod, so that for
 * at least one CoreDNS pod the path within a node and the path between nodes are both seen. Never more than `max`, however big the cluster.
 */
export function probeNodes({ nodes, coredns, complaint, max }: Wanted): ProbeNodes {
  const refused: ProbeNodes['refused'] = [];
  const known = new Map(nodes.map((node) => [node.name, node]));
  if (complaint !== null) {
    const node = known.get(complaint);
    const reason = node === undefined ? `there is no node ${complaint}` : unusable(node);
    if (reason !== null) refused.push({ node: complaint, reason });
  }
  const usable = nodes.filter((node) => unusable(node) === null);
  const hosts = coredns.filter((pod) => !pod.terminating && pod.node !== null).map((pod) => pod.node);
  const hosting = usable.filter((node) => hosts.includes(node.name)).toSorted((a, b) => Number(b.zone !== null) - Number(a.zone !== null));
  const bare = usable.filter((node) => !hosts.includes(node.name) && !node.unschedulable);
  const first = usable.find((node) => node.name === complaint);
  const order = [first, hosting[0], hosting.find((node) => node.zone !== hosting[0]?.zone) ?? hosting[1], bare[0], ...usable];
  const chosen = [...new Set(order.filter((node) => node !== undefined).map((node) => node.name))];
  return { nodes: chosen.slice(0, max), refused };
}

const unseen = {
  notReadyMessage: null,
  unschedulable: false,
  internalIP: null,
  zone: null,
  os: 'linux',
  arch: 'unknown',
  kubeletVersion: '',
  taints: [],
};

/** A node of which only the name is known: where something runs, it is taken to be ready. */
const byName = (name: string): Node => ({ name, ready: true, ...unseen, kind: name.startsWith('fargate-ip-') ? 'fargate' : 'ordinary' });

/** The nodes to choose from; where they may not be read, those that CoreDNS and the named pod run on. */
export function knownNodes(have: Evidence): readonly Node[] {
  const nodes = given(have.nodes);
  if (nodes !== null) return nodes.items;
  const running = (given(have['coredns-pods'])?.items ?? []).filter((pod) => pod.container.state === 'running').map((pod) => pod.node);
  const names = [given(have.pod)?.node ?? null, ...running].filter((name) => name !== null);
  return [...new Set(names)].map(byName);
}
