import type { CollectContext } from './collector.ts';
import { given } from './given.ts';
import { knownNodes, probeNodes } from './probe-nodes.ts';

/**
 * The nodes that the lookups put their probe pods on, so that others who need one can share it. Needs `nodes`, `coredns-pods` and `pod` in `after`:
 * with another complaint than the lookups have, pods of its own would be started.
 */
export function probePlaces({ have, request }: CollectContext): string[] {
  const nodes = knownNodes(have);
  const complaint = request.node ?? given(have.pod)?.node ?? null;
  const max = request.quick ? 1 : nodes.length > 2 ? 3 : 2;
  return probeNodes({ nodes, coredns: given(have['coredns-pods'])?.items ?? [], complaint, max }).nodes;
}
