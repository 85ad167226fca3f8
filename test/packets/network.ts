import type { CaptureReport, PointRole, Way } from '../../src/domain/capture.ts';
import { CaptureReport as Schema } from '../../src/domain/capture.ts';
import { captureReport } from '../../src/packets/capture-report.ts';
import type { Told, WaysKnowledge } from '../../src/packets/ways/known.ts';
import {
  analyse,
  answer,
  type Ask,
  client,
  clusterIp,
  inOrder,
  type Packet,
  podA,
  podB,
  point,
  query,
  resolver,
  segment,
  unreachable,
} from './traffic.ts';

/** What happens to a query on its way. Without anything: it is answered within a millisecond. */
export interface Happens {
  /** Told by the prober, and never seen. */
  notSent?: boolean;
  lostRequest?: boolean;
  /** An ICMP error comes to the client instead, from there. */
  icmpBy?: string;
  icmp?: 'port' | 'host';
  droppedInPod?: boolean;
  lostReply?: boolean;
  delayMs?: number;
  rcode?: number;
  /** The server asks its upstream, which answers or does not; then the server gives up, or says SERVFAIL. */
  upstream?: 'answers' | 'silent' | 'silent, then SERVFAIL';
  /** What captures on the nodes see: the client's node lets it out as it is, translated, or not; the server's node. */
  nodes?: { client?: 'as-is' | 'translated' | 'in-only'; server?: boolean };
  /** The address that the server sees instead of the client's. */
  masquerade?: { from: string; port: number };
}

const nodeOf = { client: 'node-1', a: 'node-1', b: 'node-2' };
/** Clocks of different nodes differ; nothing may depend on it. */
const skew: Record<string, number> = { c1: 0, s1: 86_400_000, s2: -3_600_000, n1: 5_000_000, n2: -7_000_000 };

/** A cluster of two nodes with a capture at a client and at both CoreDNS pods (A on the client's node), and, if asked for, on the nodes. */
export class Network {
  readonly packets: Record<string, Packet[]> = { c1: [], s1: [], s2: [], n1: [], n2: [] };
  readonly told: Told[] = [];
  #port = 30_000;

  at(id: string, packet: Packet): void {
    (this.packets[id] ??= []).push({ ...packet, at: packet.at + (skew[id] ?? 0) });
  }

  /** A query to an address, which comes to a pod, and what happens to it. */
  ask(ask: Ask & { to: string }, via: 'a' | 'b', happens: Happens = {}): void {
    const one = { port: this.#port++, ...ask };
    if (!happens.notSent) this.at('c1', query(one));
    if (!happens.notSent) this.#onNodes(one, via, happens.nodes);
    if (happens.notSent || happens.lostRequest) return;
    if (happens.icmpBy !== undefined) return this.at('c1', unreachable({ ...one, at: (one.at ?? 0) + 0.4 }, happens.icmpBy, happens.icmp));
    this.#server(one, via, happens);
  }

  /** A marked probe, as told by the prober. */
  probe(
    i: number,
    to: string,
    via: 'a' | 'b',
    happens: Happens = {},
    name = `dnsbot-0a1b2c3d-${i}.kubernetes.default.svc.cluster.local`,
  ): void {
    const answered = !(happens.notSent || happens.lostRequest || happens.droppedInPod || happens.lostReply || happens.icmpBy !== undefined);
    this.told.push({ point: 'c1', server: to, transport: 'udp', name, answered });
    this.ask({ to, name, id: (i * 7 + 1) & 0xffff, at: i * 20 }, via, { rcode: 3, ...happens });
  }

  /** A TCP query: the connection, then the message on it. */
  tcp(
    i: number,
    to: string,
    via: 'a' | 'b',
    happens: { blocked?: 'network' | 'pod' | 'reset' | 'lost-reply'; atNode?: boolean } = {},
  ): void {
    const ask = { to, port: this.#port++, at: 1000 + i * 20, transport: 'tcp' as const, name: `dnsbot-0a1b2c3d-${i}.t.example`, id: i };
    const inPod = { ...ask, to: via === 'a' ? podA : podB };
    const s = via === 'a' ? 's1' : 's2';
    this.told.push({ point: 'c1', server: to, transport: 'tcp', name: ask.name, answered: happens.blocked === undefined });
    this.at('c1', segment(ask, 'syn'));
    if (happens.atNode === true) this.at(via === 'a' ? 'n1' : 'n2', { ...segment(inPod, 'syn'), direction: 'in' });
    if (happens.blocked === 'network') return;
    this.at(s, segment(inPod, 'syn'));
    if (happens.blocked === 'pod') return;
    if (happens.blocked === 'reset') {
      this.at(s, segment(inPod, 'reset'));
      return this.at('c1', segment({ ...ask, at: ask.at + 1 }, 'reset'));
    }
    this.at(s, segment(inPod, 'syn-ack'));
    if (happens.blocked === 'lost-reply') return;
    this.at('c1', segment({ ...ask, at: ask.at + 1 }, 'syn-ack'));
    for (const [id, one] of [
      ['c1', ask],
      [s, inPod],
    ] as const) {
      this.at(id, query({ ...one, at: one.at + 2 }));
      this.at(id, answer({ ...one, at: one.at + 3 }, { rcode: 3 }));
    }
  }

  #server(ask: Ask & { port: number }, via: 'a' | 'b', happens: Happens): void {
    const { from = client, port } = ask;
    const inPod = { ...ask, to: via === 'a' ? podA : podB, from: happens.masquerade?.from ?? from, port: happens.masquerade?.port ?? port };
    const s = via === 'a' ? 's1' : 's2';
    const at = ask.at ?? 0;
    this.at(s, query({ ...inPod, at: at + 0.1 }));
    if (happens.droppedInPod) return;
    const late = happens.delayMs ?? 0.5;
    if (happens.upstream !== undefined) this.#upstream(ask, via, s, happens.upstream === 'answers');
    if (happens.upstream === 'silent') return;
    const rcode = happens.upstream === 'silent, then SERVFAIL' ? 2 : (happens.rcode ?? 0);
    this.at(s, answer({ ...inPod, at: at + late }, { rcode }));
    if (!happens.lostReply) this.at('c1', answer({ ...ask, at: at + late + 0.2 }, { rcode }));
  }

  #upstream(ask: Ask, via: 'a' | 'b', s: string, answers: boolean): void {
    const own = { ...ask, from: via === 'a' ? podA : podB, to: resolver, id: 0xffff - (ask.id ?? 0), port: 50_000 + (this.#port % 1000) };
    this.at(s, query({ ...own, at: (ask.at ?? 0) + 0.2 }));
    if (answers) this.at(s, answer({ ...own, at: (ask.at ?? 0) + 0.4 }));
  }

  #onNodes(ask: Ask & { to: string }, via: 'a' | 'b', nodes: Happens['nodes']): void {
    const pod = via === 'a' ? podA : podB;
    const at = (ask.at ?? 0) + 0.05;
    if (nodes?.client !== undefined) this.at('n1', query({ ...ask, at }, { direction: 'in', interface: 3 }));
    if (nodes?.client === 'as-is') this.at('n1', query({ ...ask, at: at + 0.01 }, { direction: 'out', interface: 2 }));
    if (nodes?.client === 'translated') this.at('n1', query({ ...ask, at: at + 0.01, to: pod }, { direction: 'out', interface: 2 }));
    if (nodes?.server === true) this.at('n2', query({ ...ask, at: at + 0.02, to: pod }, { direction: 'in', interface: 2 }));
  }

  /** A packet at the client so late that what came before can be judged. */
  later(): this {
    this.at('c1', query({ at: 60_000, to: '9.9.9.9', name: 'later.example' }));
    return this;
  }

  /** The report on all captures that have packets, or are named. */
  report(known: Partial<WaysKnowledge> = {}, points: string[] = ['c1', 's1', 's2']): CaptureReport {
    const roles: Record<string, [PointRole, string[], string]> = {
      c1: ['client', [client], nodeOf.client],
      s1: ['server', [podA], nodeOf.a],
      s2: ['server', [podB], nodeOf.b],
      n1: ['node', [], 'node-1'],
      n2: ['node', [], 'node-2'],
    };
    const results = points.map((id) => {
      const [role, addresses, node] = roles[id] ?? ['unknown', [], ''];
      return analyse(inOrder(this.packets[id] ?? []), point(id, role, addresses, node));
    });
    const cluster = { clusterIps: [clusterIp], upstreams: [resolver], endpoints: [podA, podB], told: this.told };
    return Schema.parse(structuredClone(captureReport(results, { ...cluster, ...known })));
  }
}

/** The way from the client to an address. */
export function wayTo(report: CaptureReport, address: string): Way {
  const way = report.ways.find((one) => one.server.address === address && one.client.point === 'c1');
  if (way === undefined) throw new Error(`no way to ${address}: ${report.ways.map(({ server }) => server.address).join(', ')}`);
  return way;
}

/** Verdict and share for each way of the client: what a scenario is told by. */
export const verdicts = (report: CaptureReport): Record<string, string> =>
  Object.fromEntries(
    [podA, podB, clusterIp].flatMap((address) => {
      const way = report.ways.find((one) => one.server.address === address && one.client.point === 'c1');
      return way === undefined ? [] : [[address, `${way.verdict} ${Math.round(way.share * 100)} %`]];
    }),
  );
