import { z } from 'zod';
import { ResolvConf } from './pod.ts';

export const LookupFrom = z.object({
  node: z.string(),
  pod: z.string(),
  /** probe: a pod of ours; exec: inside the named pod; ephemeral: a container added to it; twin: a pod of ours with its DNS settings on its node. */
  how: z.enum(['probe', 'exec', 'ephemeral', 'twin']),
});

/**
 * One line of the lookup matrix: one name asked several times (`shots`) at one server over one protocol from one place.
 * An answer with any rcode counts as answered. Times in milliseconds.
 */
export const LookupRow = z.object({
  from: LookupFrom,
  server: z.string(),
  port: z.number(),
  /** resolver: through the pod's own resolv.conf and search path (getent), the server is then the first nameserver. */
  serverKind: z.enum(['cluster-ip', 'endpoint', 'node-local', 'upstream', 'nameserver', 'resolver']),
  /** The CoreDNS pod behind an endpoint address, and its node. */
  serverPod: z.string().nullable(),
  serverNode: z.string().nullable(),
  proto: z.enum(['udp', 'tcp']),
  name: z.string(),
  /**
   * internal: kubernetes.default.svc.ZONE; fresh: a cluster name never asked before (NXDOMAIN is right); external: a name of the world;
   * fresh-external: a name of the world never asked before; asked: by the user; search: a short name through the search path;
   * pinned: a name that the Corefile answers itself (hosts, template, rewrite).
   */
  role: z.enum(['internal', 'fresh', 'external', 'fresh-external', 'asked', 'search', 'pinned']),
  type: z.string(),
  shots: z.number(),
  answered: z.number(),
  rcodes: z.record(z.string(), z.number()),
  /** Header flags of an answer, sorted: aa, ra, rd, qr, tc. */
  flags: z.array(z.string()),
  /** Distinct answers' data, at most 8, sorted. */
  answers: z.array(z.string()),
  p50Ms: z.number().nullable(),
  maxMs: z.number().nullable(),
  /** The most frequent way it failed; null when every shot was answered. */
  failure: z.enum(['timeout', 'refused', 'unreachable', 'other']).nullable(),
});
export type LookupRow = z.infer<typeof LookupRow>;

/** All lookups of a run. */
export const Lookups = z.object({
  zone: z.string(),
  rows: z.array(LookupRow),
  /** The places that were asked from, with their resolv.conf. */
  sources: z.array(LookupFrom.extend({ dnsPolicy: z.string(), resolvConf: ResolvConf.nullable() })),
  /** Places that could not be asked from, and why. */
  failures: z.array(
    z.object({ node: z.string(), reason: z.string(), message: z.string(), allow: z.union([z.string(), z.undefined()]).optional() }),
  ),
});
export type Lookups = z.infer<typeof Lookups>;
