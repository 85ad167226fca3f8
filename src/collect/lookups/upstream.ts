import type { Corefile } from '../../domain/coredns.ts';
import type { ResolvConf } from '../../domain/pod.ts';
import { forwardTargets, serverFor } from '../../formats/corefile/server-for.ts';
import { isAddress, type Server } from './ask.ts';

const maxUpstreams = 3;

/**
 * The servers that CoreDNS forwards the world's names to: those of the `forward` of its root block; `/etc/resolv.conf` stands for the
 * nameservers of the node's (`node`). Encrypted upstreams are left out: dig cannot speak to them as CoreDNS does.
 */
export function upstreamServers(corefile: Corefile | undefined, node: ResolvConf | null): Server[] {
  const root = corefile === undefined ? null : serverFor(corefile.servers, '.');
  const targets =
    root === null
      ? []
      : forwardTargets(root)
          .filter((forward) => forward.from === '.')
          .flatMap((forward) => forward.to);
  const addresses = targets.flatMap(({ address, port, transport }) => {
    if (address.startsWith('/')) return (node?.nameservers ?? []).map((server) => ({ server, port: 53 }));
    return transport === 'dns' ? [{ server: address, port }] : [];
  });
  return addresses
    .filter(({ server }) => isAddress(server))
    .slice(0, maxUpstreams)
    .map(({ server, port }) => ({ server, port, serverKind: 'upstream', serverPod: null, serverNode: null }));
}
