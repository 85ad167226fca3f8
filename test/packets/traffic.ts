import type { CapturePoint, PointRole } from '../../src/domain/capture.ts';
import { PointAnalysis, type PointKnowledge, type PointResult, probeMarker } from '../../src/packets/point/analysis.ts';
import type { Seen, SeenMessage, SeenSegment, SeenUnreachable } from '../../src/packets/seen.ts';

export const client = '10.244.1.10';
export const podA = '10.244.1.2';
export const podB = '10.244.2.3';
export const clusterIp = '10.100.0.10';
export const resolver = '172.30.0.2';
/** 2026-11-23T01:02:03Z */
export const start = 1_795_395_723_000;

export const knowledge: PointKnowledge = {
  marker: probeMarker,
  clusterIps: [clusterIp],
  upstreams: [resolver],
};

export const point = (id: string, role: PointRole, addresses: string[] = [], node: string | null = null): CapturePoint => ({
  id,
  role,
  label: id,
  node,
  addresses,
  known: 'told',
});

/** A packet without its number. `at`: milliseconds after the start. */
export type Packet = Seen extends infer T ? (T extends Seen ? Omit<T, 'number'> : never) : never;

const where = { direction: null, interface: null } as const;

export interface Ask {
  from?: string;
  port?: number;
  to?: string;
  id?: number;
  name?: string;
  type?: string;
  at?: number;
  transport?: 'udp' | 'tcp';
}

const asked = ({
  from = client,
  port = 40_000,
  to = clusterIp,
  id = 1,
  name = 'a.example',
  type = 'A',
  at = 0,
  transport = 'udp',
}: Ask) => ({
  from,
  port,
  to,
  id,
  name,
  type,
  at: start + at,
  transport,
});

/** A query. */
export function query(ask: Ask = {}, rest: Partial<SeenMessage> = {}): Omit<SeenMessage, 'number'> {
  const { from, port, to, at, id, name, type, transport } = asked(ask);
  return {
    ...where,
    ...{ kind: 'message', transport, at, source: from, sourcePort: port, destination: to, destinationPort: 53 },
    ...{ id, name, type, isAnswer: false, opcode: 0, rcode: 0, truncated: false, authoritative: false },
    ...{ recursionDesired: true, recursionAvailable: false, answers: 0, bytes: 40 },
    ...rest,
  };
}

/** The answer to a query, from the server that was asked. `at`: of the answer. */
export function answer(ask: Ask = {}, rest: Partial<SeenMessage> = {}): Omit<SeenMessage, 'number'> {
  const { source, sourcePort, destination, destinationPort, ...message } = query(ask);
  return {
    ...message,
    ...{ source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort },
    ...{ isAnswer: true, recursionAvailable: true, answers: 1, bytes: 60 },
    ...rest,
  };
}

/** An ICMP error about a query. */
export function unreachable(ask: Ask, by: string, what: SeenUnreachable['what'] = 'port'): Omit<SeenUnreachable, 'number'> {
  const { from, port, to, at, id, transport } = asked(ask);
  const about = { source: from, sourcePort: port, destination: to, destinationPort: 53, transport, id };
  return { ...where, kind: 'unreachable', at, source: by, sourcePort: 0, destination: from, destinationPort: 0, what, about };
}

/** A segment from the client (`syn`, `fin`), or from the server (`syn-ack`, `reset`). */
export function segment(ask: Ask, flag: SeenSegment['flag']): Omit<SeenSegment, 'number'> {
  const { from, port, to, at } = asked(ask);
  const ofClient = { source: from, sourcePort: port, destination: to, destinationPort: 53 };
  const ofServer = { source: to, sourcePort: 53, destination: from, destinationPort: port };
  return { ...where, kind: 'segment', at, flag, ...(flag === 'syn' || flag === 'fin' ? ofClient : ofServer) };
}

/** Analyses packets as one capture, numbered as they come. */
export function analyse(
  packets: Iterable<Packet>,
  at: CapturePoint = point('f1', 'unknown'),
  known: Partial<PointKnowledge> = {},
): PointResult {
  const analysis = new PointAnalysis(at, { ...knowledge, ...known });
  let number = 0;
  for (const packet of packets) analysis.take({ ...packet, number: ++number });
  return analysis.end(null);
}

/** In the order of time, as a capture has them. */
export const inOrder = (packets: readonly Packet[]): Packet[] => packets.toSorted((a, b) => a.at - b.at);
