import { z } from 'zod';

export const QueryStats = z.object({
  /** Query lines read, and the seconds between the first and the last of them. */
  lines: z.number(),
  spanSeconds: z.number(),
  rcodes: z.record(z.string(), z.number()),
  /** Queries whose upstream failed (rcode `-`, or SERVFAIL after 2 s and more). */
  upstreamFailed: z.number(),
  /** For each client: queries, and those wasted on search domains (NXDOMAIN for a name that the client also asked absolutely). */
  clients: z.array(
    z.object({
      ip: z.string(),
      queries: z.number(),
      wasted: z.number(),
      /** Base names (as written in the application) with their counts, most wasted first, at most 10. */
      names: z.array(z.object({ name: z.string(), queries: z.number(), wasted: z.number(), dots: z.number() })),
      /** Dots of base names that were found only through the search list. */
      neededDots: z.array(z.number()),
    }),
  ),
  slow: z.number(),
});
export type QueryStats = z.infer<typeof QueryStats>;

/** A class of log lines: how many, when last, and one of them (redacted, at most 500 characters). */
export const LogClass = z.object({
  class: z.string(),
  count: z.number(),
  lastAt: z.string().nullable(),
  /** Fields of the newest line: upstream, name, reason, plugin, line, ... */
  fields: z.record(z.string(), z.string()),
  sample: z.string(),
});
export type LogClass = z.infer<typeof LogClass>;

/** What the logs of one pod say. `previous`: of the container before its last restart. */
export const PodLog = z.object({
  pod: z.string(),
  node: z.string().nullable(),
  classes: z.array(LogClass),
  previous: z.array(LogClass),
  lines: z.number(),
  truncated: z.boolean(),
  unreadable: z.string().nullable(),
});
export type PodLog = z.infer<typeof PodLog>;

/**
 * CoreDNS' logs by class. Classes: corefile-error, loop, reload-failed, reload-parse-failed, reloading, running-hash, upstream-timeout,
 * upstream-refused, upstream-unreachable, upstream-other, no-next-plugin, max-concurrent, no-healthy-proxies, write-denied, api-forbidden,
 * api-timeout, api-error, api-bare, api-waiting, api-unsynced, not-ready-plugins, health-slow, health-failed, listen-failed, panic, shutdown,
 * version, query, fatal, loop-probe-failed.
 */
export const CorednsLogs = z.object({
  pods: z.array(
    PodLog.extend({
      /** The last `Running configuration SHA512` of the pod, null when not seen. */
      runningSha512: z.string().nullable(),
      /** CoreDNS' version from its banner. */
      version: z.string().nullable(),
    }),
  ),
  /** Query statistics over all pods; null when no query line was seen. */
  queries: QueryStats.nullable(),
});
export type CorednsLogs = z.infer<typeof CorednsLogs>;
