import { z } from 'zod';
import { CapturePointReport, Latency } from './capture-point.ts';
import { VerdictStatus } from './verdict.ts';

export * from './capture-point.ts';

/**
 * What became of the requests of a way.
 * `not-sent`: the client says it sent them, its own capture has none (a drop on OUTPUT looks like that).
 * `rejected-no-endpoints`: a node answered "port unreachable" for the ClusterIP, as kube-proxy does for a Service without endpoints.
 * `nothing-listening`: the server itself says that its port is closed (ICMP port unreachable or a TCP reset).
 * `lost-request`: left the client, never arrived at the server. `lost-reply`: the server answered, it never came back.
 * `dropped-in-pod`: arrived at the server's network namespace, no answer left it. `reply-dropped-in-pod`: the same, but CoreDNS logged an answer.
 * `upstream`: the server asked its upstream and got no answer. `slow-server`: the answer came, after a second or more.
 * `conntrack-race`: of A and AAAA sent at once from one port, one is lost. `tcp-blocked`: UDP works, TCP does not.
 * `unanswered`: seen at one point only, so nobody can say where it was lost. `dns-ok`: the packets went both ways; see the rcodes.
 * `encrypted`: DNS over TLS or QUIC, which cannot be read. `nothing-seen`: no packet at all. `unknown`: see `why`.
 */
export const WayVerdict = z.enum([
  'not-sent',
  'rejected-no-endpoints',
  'nothing-listening',
  'lost-request',
  'conntrack-race',
  'dropped-in-pod',
  'upstream',
  'reply-dropped-in-pod',
  'lost-reply',
  'unanswered',
  'tcp-blocked',
  'slow-server',
  'encrypted',
  'nothing-seen',
  'unknown',
  'dns-ok',
]);
export type WayVerdict = z.infer<typeof WayVerdict>;

/**
 * Why a way could not be judged. `server-not-captured`: what left the client may have gone to a pod without a capture; `no-overlap`: nothing shows
 * that the captures ran at the same time; `ended-too-early`: the capture ended within two seconds of the queries.
 */
export const UnknownWhy = z.enum(['server-not-captured', 'no-overlap', 'ended-too-early']);
export type UnknownWhy = z.infer<typeof UnknownWhy>;

/** Where requests or replies were last seen to be well, or what is known to have stopped them: in the order of the way there and back. */
export const Hop = z.enum(['client', 'client-node', 'kube-proxy', 'network', 'server-node', 'server', 'upstream', 'way-back']);
export type Hop = z.infer<typeof Hop>;

/** An end of a way. `point`: the capture that was made there, null without one. `label`: pod, node or what is known of it. */
export const WayEnd = z.object({ point: z.string().nullable(), address: z.string(), label: z.string(), node: z.string().nullable() });
export type WayEnd = z.infer<typeof WayEnd>;

/**
 * Requests at each hop of a way, retransmissions each for itself; over TCP a message, or a connection that was never made. What is null was
 * not captured. Requests that cannot be judged (near the end of a capture) are left out of all of them.
 */
export const HopCounts = z.object({
  /** As the program that asked counted them. */
  told: z.number().nullable(),
  sent: z.number().nullable(),
  arrived: z.number().nullable(),
  answered: z.number().nullable(),
  returned: z.number().nullable(),
  /** Of the requests, those that ended without an answer at the last hop that was captured: 0 to 1; null without requests. */
  loss: z.number().nullable(),
});
export type HopCounts = z.infer<typeof HopCounts>;

/** A packet that proves a verdict. `number`: as Wireshark counts, in the file of that point. */
export const ProofPacket = z.object({
  point: z.string(),
  number: z.number(),
  what: z.enum(['query', 'answer', 'unreachable', 'syn', 'syn-ack', 'reset', 'encrypted']),
  name: z.string().nullable(),
  type: z.string().nullable(),
  id: z.number().nullable(),
});
export type ProofPacket = z.infer<typeof ProofPacket>;

/** From one client to one address that it asked, or from a server to its upstream. */
export const Way = z.object({
  client: WayEnd,
  server: WayEnd,
  kind: z.enum(['pod', 'cluster-ip', 'upstream', 'other']),
  /** Whether the two are on different nodes; null where that is not known, and for a ClusterIP. */
  crossNode: z.boolean().nullable(),
  verdict: WayVerdict,
  why: UnknownWhy.nullable(),
  /** Of the requests (over the transport that the verdict is about), those that the verdict is about: 0 to 1. */
  share: z.number(),
  stoppedAt: Hop.nullable(),
  /** Where several servers stand behind the address: the points at which the requests failed. */
  failedAt: z.array(z.string()),
  udp: HopCounts,
  tcp: HopCounts,
  /** Requests by what became of them, over both transports. `dns-ok` are those that were answered. */
  outcomes: z.partialRecord(WayVerdict, z.number()),
  /** Of the answers, by name (NOERROR, NXDOMAIN, …), as they left the server, or came to the client where only that was captured. */
  rcodes: z.record(z.string(), z.number()),
  /** From a query to its first answer, where it was asked. */
  latency: Latency.nullable(),
  /** Requests of ours: with names that nobody else asks for. */
  marked: z.number(),
  /** The ICMP error that came back most. `by`: the address that sent it. */
  unreachable: z.object({ what: z.string(), by: z.string(), count: z.number() }).nullable(),
  /** At most 8. */
  proof: z.array(ProofPacket),
});
export type Way = z.infer<typeof Way>;

/**
 * What sets the failing ways apart from those that work. `cluster-ip`: only through the Service's address; `cross-node`: only between nodes;
 * `one-server`, `one-client`: only to, or from, that one; `tcp`: only TCP; `outside-names`: only what the upstream has to be asked for.
 */
export const FailurePattern = z.enum(['all', 'cluster-ip', 'cross-node', 'one-server', 'one-client', 'tcp', 'outside-names', 'mixed']);
export type FailurePattern = z.infer<typeof FailurePattern>;

/** What captures at one or several points say of DNS. Stored, and sent through a queue, as JSON. */
export const CaptureReport = z.object({
  schema: z.literal('dns-medic/capture/v1'),
  verdict: z.object({
    status: VerdictStatus,
    code: WayVerdict,
    /** The way (its place in `ways`) that shows it best; null without ways. */
    way: z.number().nullable(),
    pattern: FailurePattern.nullable(),
  }),
  ways: z.array(Way),
  points: z.array(CapturePointReport),
  /** At one place: when queries were asked, since its first packet, and how long each took (null: no answer). In order of time, at most 400 of them. */
  timeline: z
    .object({
      point: z.string(),
      lengthMs: z.number(),
      exchanges: z.array(z.object({ atMs: z.number(), latencyMs: z.number().nullable() })),
    })
    .nullable()
    .default(null),
  /** Of the ways, by load: those that are not listed because there were too many. */
  waysLeftOut: z.number(),
  /** Very many queries are not all compared: the ways are about such a share of them (0 to 1), and about all marked probes. */
  sampled: z.number(),
  /** `redacted`: names and clients are pseudonyms, the same throughout the report; marked probes are always shown. */
  names: z.enum(['redacted', 'shown']),
});
export type CaptureReport = z.infer<typeof CaptureReport>;
