import { z } from 'zod';

/** Where a capture was made: in the network namespace of a client or of a server, on a node, or nobody knows. */
export const PointRole = z.enum(['client', 'server', 'node', 'unknown']);
export type PointRole = z.infer<typeof PointRole>;

/** A place where packets were captured. */
export const CapturePoint = z.object({
  /** Short and unique in a report: `c1`, `s2`, or the name of a file. */
  id: z.string(),
  role: PointRole,
  /** `namespace/pod`, the name of a node, or of a file. */
  label: z.string(),
  node: z.string().nullable(),
  /** Its own, as far as they are known. */
  addresses: z.array(z.string()),
  /** Whether the role was told, or guessed from the packets. */
  known: z.enum(['told', 'guessed']),
});
export type CapturePoint = z.infer<typeof CapturePoint>;

/** Milliseconds from a query to its first answer. Quantiles are within 2 % of the true ones, `maxMs` is exact. */
export const Latency = z.object({ count: z.number(), p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number(), maxMs: z.number() });
export type Latency = z.infer<typeof Latency>;

/** How often something was there. The true number is between `count - error` and `count`; `error` is 0 unless there were very many. */
export const Counted = z.object({ value: z.string(), count: z.number(), error: z.number() });
export type Counted = z.infer<typeof Counted>;

/** The busiest second towards a server. */
export const Peak = z.object({
  server: z.string(),
  /** UDP queries (retransmissions too), TCP messages and TCP connection requests in one second: not fewer packets than that were sent. */
  perSecond: z.number(),
  /** When it was: milliseconds since the epoch, a whole second. */
  at: z.number(),
  /** 1,024 packets a second for each network interface, if it is the resolver of a VPC; else null. */
  limit: z.number().nullable(),
});
export type Peak = z.infer<typeof Peak>;

/** What one capture says by itself. */
export const CapturePointReport = CapturePoint.extend({
  file: z
    .object({
      packets: z.number(),
      bytes: z.number(),
      /** Why it ends before its end; null: it is whole. */
      cut: z.string().nullable(),
      skipped: z.record(z.string(), z.number()),
      format: z.string(),
      linkTypes: z.array(z.string()),
    })
    .nullable(),
  /** Packets that the machine which captured could not keep up with; null: not known. */
  dropped: z.number().nullable(),
  /** The first and the last packet that was about DNS: milliseconds since the epoch of that machine's clock. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** Packets about DNS. */
  packets: z.number(),
  /** Of these, packets seen before: on another interface, or before their address was translated. */
  seenAgain: z.number(),
  /** Distinct queries, over UDP and TCP; a retransmission is the same query. `queries` = answered + unanswered + open + untracked. */
  queries: z.number(),
  tcpQueries: z.number(),
  answered: z.number(),
  unanswered: z.number(),
  /** Asked within the last two seconds of the capture: nobody knows. */
  open: z.number(),
  /** Unanswered so far, but forgotten because too many were open at once. */
  untracked: z.number(),
  /** Answers to queries that were not seen: asked before the capture began, or forgotten. */
  strayAnswers: z.number(),
  /** Of these, answers to a query that was seen, from another address than the one that was asked: the client will not take them. */
  fromElsewhere: z.number(),
  rcodes: z.record(z.string(), z.number()),
  latency: Latency.nullable(),
  /**
   * The same query again from the same port. `glibc`: after about 5 s, its default; `musl`: after about 2.5 s; `afterServfail`: at once after that
   * answer, as musl does; `other`: at another distance.
   */
  retransmissions: z.object({ glibc: z.number(), musl: z.number(), afterServfail: z.number(), other: z.number() }),
  /** Answers over UDP that did not fit, and how many of these were asked for again over TCP. */
  truncated: z.object({ answers: z.number(), askedOverTcp: z.number() }),
  /** TCP connections. `refused`: by a reset or an ICMP error. */
  connections: z.object({
    attempted: z.number(),
    accepted: z.number(),
    refused: z.number(),
    unanswered: z.number(),
    open: z.number(),
    untracked: z.number(),
  }),
  /** ICMP errors, the most frequent first, at most 10. `about`: whether a query or an answer could not be delivered. */
  unreachable: z.array(z.object({ what: z.string(), by: z.string(), about: z.enum(['query', 'answer']), count: z.number() })),
  /** A and AAAA of one name, sent at once from one port: how many pairs, and of how many one, or both, got no answer at the first try. */
  pairs: z.object({ sent: z.number(), oneLost: z.number(), bothLost: z.number() }),
  /**
   * Queries that only the search list of resolv.conf made (NXDOMAIN, and the same client found the bare name within 2 s), of those that
   * were answered.
   */
  search: z.object({ queries: z.number(), wasted: z.number() }),
  /** Packets of DNS over TLS or QUIC; packets to or from port 53 that are not DNS. */
  encrypted: z.number(),
  unreadable: z.number(),
  /** By queries, at most 10 each. */
  names: z.array(Counted),
  clients: z.array(Counted),
  servers: z.array(Counted),
  /** By the busiest second, at most 10. */
  peaks: z.array(Peak),
});
export type CapturePointReport = z.infer<typeof CapturePointReport>;
