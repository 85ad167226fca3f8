import type { Hop } from '../../domain/capture.ts';
import type { Exchange } from '../point/exchange.ts';
import type { Trace } from './trace.ts';

/** What captures on nodes saw of a query or of a connection request. */
export type NodesOfLoss = readonly { node: string | null; sighting: { exchange: Pick<Exchange, 'left' | 'forwardedTo'> } | null }[];

/**
 * Where a request was lost that left the client and did not arrive, as far as captures on nodes show it. Without any: somewhere in the network.
 * A packet that leaves the client's node with the ClusterIP as its destination was not translated: kube-proxy's rules are missing there.
 */
export function hopOfLoss({ nodes, clientNode, kind }: Pick<Trace, 'clientNode' | 'kind'> & { nodes: NodesOfLoss }): Hop {
  const here = nodes.filter(({ node }) => clientNode !== null && node === clientNode);
  const further = nodes.filter(({ node }) => clientNode !== null && node !== clientNode);
  if (further.some(({ sighting }) => sighting !== null)) return 'server-node';
  if (here.length === 0) return 'network';
  const seen = here.flatMap(({ sighting }) => (sighting === null ? [] : [sighting.exchange]));
  if (!seen.some(({ left }) => left)) return 'client-node';
  return kind === 'cluster-ip' && seen.every(({ forwardedTo }) => forwardedTo === null) ? 'kube-proxy' : 'network';
}
