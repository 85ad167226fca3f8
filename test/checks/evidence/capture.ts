import type { CaptureReport } from '../../../src/domain/capture.ts';
import { type Happens, Network } from '../../packets/network.ts';
import { clusterIp, podA, podB } from '../../packets/traffic.ts';

/** The cluster of the other readings: pod A on the client's node. */
const points: Readonly<Record<string, { label: string; node: string }>> = {
  c1: { label: 'probe pod on node-a', node: 'node-a' },
  s1: { label: 'kube-system/coredns-a', node: 'node-a' },
  s2: { label: 'kube-system/coredns-b', node: 'node-b' },
  n1: { label: 'node-a', node: 'node-a' },
  n2: { label: 'node-b', node: 'node-b' },
};

/** The report of a network, with the names of this cluster. */
export function named(report: CaptureReport): CaptureReport {
  const end = (one: CaptureReport['ways'][number]['client']) => {
    if (one.address === clusterIp) return { ...one, label: 'Service kube-system/kube-dns' };
    return { ...one, ...points[one.point ?? ''] };
  };
  return {
    ...report,
    ways: report.ways.map((way) => ({ ...way, client: end(way.client), server: end(way.server) })),
    points: report.points.map((point) => ({ ...point, ...points[point.id] })),
  };
}

export interface Probe {
  /** Over which pod it goes, and which address is asked. */
  via: 'a' | 'b';
  to: 'pod' | 'cluster-ip';
  /** The how manieth of its kind, from 0. */
  shot: number;
}

/** A network with marked probes: twenty to each pod, and forty to the ClusterIP, which go to the pods in turn. */
export function probed(happens: (probe: Probe) => Happens, network = new Network()): Network {
  let i = 0;
  for (let shot = 0; shot < 20; shot += 1)
    for (const via of ['a', 'b'] as const)
      for (const to of ['pod', 'cluster-ip'] as const) {
        const address = to === 'cluster-ip' ? clusterIp : via === 'a' ? podA : podB;
        network.probe((i += 1), address, via, happens({ via, to, shot }));
      }
  return network;
}

type TcpHappens = Parameters<Network['tcp']>[3];

/** Five TCP probes to each pod and to the ClusterIP besides. */
export function withTcp(network: Network, happens: (via: 'a' | 'b') => TcpHappens): Network {
  for (let i = 0; i < 5; i += 1) {
    network.tcp(3 * i, podA, 'a', happens('a'));
    network.tcp(3 * i + 1, podB, 'b', happens('b'));
    network.tcp(3 * i + 2, clusterIp, i % 2 === 0 ? 'a' : 'b', happens(i % 2 === 0 ? 'a' : 'b'));
  }
  return network;
}

/** What packets captured at a client of ours and both CoreDNS pods show. */
export const captured = (happens: (probe: Probe) => Happens): CaptureReport => named(probed(happens).report());

/** Sixty lookups from one port each; of every third the AAAA is lost. */
export function racing(): CaptureReport {
  const network = probed(() => ({}));
  for (let i = 0; i < 60; i += 1)
    for (const type of ['A', 'AAAA'])
      network.ask(
        { to: clusterIp, port: 20_000 + i, id: 2 * i + (type === 'A' ? 0 : 1), type, name: 'cart.shop.svc.cluster.local', at: 100 + i },
        'a',
        { lostRequest: type === 'AAAA' && i % 3 === 0 },
      );
  return named(network.later().report());
}
