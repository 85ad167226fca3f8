import { z } from 'zod';

const Labels = z.record(z.string(), z.string());
export const Port = z.object({ name: z.string().nullable(), port: z.number(), protocol: z.enum(['UDP', 'TCP', 'SCTP']) });
const Probe = z.object({ path: z.string(), port: z.number() }).nullable();

/** Label selector as Kubernetes has it; both parts must hold. */
export const LabelSelector = z.object({
  matchLabels: Labels.optional(),
  matchExpressions: z.array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() })).optional(),
});
export type LabelSelector = z.infer<typeof LabelSelector>;

/** The workload that runs cluster DNS (CoreDNS), wherever it was found. */
export const CorednsWorkload = z.object({
  kind: z.enum(['Deployment', 'DaemonSet', 'StatefulSet']),
  namespace: z.string(),
  name: z.string(),
  /** How it was found. */
  foundBy: z.enum(['config', 'label', 'name', 'nameserver']),
  desired: z.number(),
  ready: z.number(),
  updated: z.number(),
  createdAt: z.string(),
  labels: Labels,
  selector: LabelSelector,
  podLabels: Labels,
  image: z.string(),
  /** CoreDNS' version from the image tag ("1.12.4"), null when the tag does not say. */
  version: z.string().nullable(),
  containerPorts: z.array(Port),
  readiness: Probe,
  liveness: Probe,
  cpuLimitMillis: z.number().nullable(),
  memoryLimitBytes: z.number().nullable(),
  serviceAccount: z.string(),
  terminationGraceSeconds: z.number(),
  /** The ConfigMap and key that hold the Corefile, from the pod's volumes. */
  configMap: z.string().nullable(),
  corefileKey: z.string(),
  nodeSelector: Labels,
  /** Kind/name of an autoscaler that owns the replica count, else null. */
  autoscaler: z.string().nullable(),
  /** Who manages it: eks-addon, helm, argocd, flux; null when nothing says so. */
  managedBy: z.string().nullable(),
  condition: z.object({ type: z.string(), reason: z.string(), message: z.string() }).nullable(),
});
export type CorednsWorkload = z.infer<typeof CorednsWorkload>;

export const Termination = z.object({
  reason: z.string(),
  exitCode: z.number(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  message: z.string(),
});

export const ContainerState = z.object({
  state: z.enum(['running', 'waiting', 'terminated', 'unknown']),
  /** Reason of waiting or terminated: CrashLoopBackOff, ImagePullBackOff, OOMKilled, ContainerCreating, ... */
  reason: z.string().nullable(),
  message: z.string().nullable(),
  ready: z.boolean(),
  restarts: z.number(),
  startedAt: z.string().nullable(),
  image: z.string(),
  last: Termination.nullable(),
});

/** A pod of CoreDNS or of kube-proxy: what its faults are judged by. */
export const SystemPod = z.object({
  namespace: z.string(),
  name: z.string(),
  node: z.string().nullable(),
  ip: z.string().nullable(),
  phase: z.string(),
  ready: z.boolean(),
  terminating: z.boolean(),
  createdAt: z.string(),
  labels: Labels,
  annotations: Labels,
  /** Message of PodScheduled=False, when it cannot be scheduled. */
  unschedulable: z.string().nullable(),
  container: ContainerState,
  hostNetwork: z.boolean(),
});
export type SystemPod = z.infer<typeof SystemPod>;
export const CorednsPods = z.object({ items: z.array(SystemPod), complete: z.boolean() });
export type CorednsPods = z.infer<typeof CorednsPods>;

/** Events about CoreDNS' workload and pods in the last hour, newest first, at most 50. */
export const Event = z.object({
  kind: z.string(),
  name: z.string(),
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  count: z.number(),
  lastSeen: z.string(),
});
export const Events = z.object({ items: z.array(Event) });
export type Events = z.infer<typeof Events>;

/** One directive of a server block, with its arguments and those of its block. `line` counts from 1. */
export const Directive = z.object({
  name: z.string(),
  line: z.number(),
  args: z.array(z.string()),
  options: z.array(z.object({ name: z.string(), args: z.array(z.string()), line: z.number() })),
});
export type Directive = z.infer<typeof Directive>;

export const ServerBlock = z.object({
  keys: z.array(z.string()),
  /** Normalised: zone with a trailing dot ("." for the root), port, transport (dns, tls, grpc, https). */
  zones: z.array(z.object({ zone: z.string(), port: z.number(), transport: z.string() })),
  line: z.number(),
  directives: z.array(Directive),
});
export type ServerBlock = z.infer<typeof ServerBlock>;

/** The Corefile of the ConfigMap: its text, what it means, and the hash that a CoreDNS which runs it reports. */
export const Corefile = z.object({
  namespace: z.string(),
  configMap: z.string(),
  key: z.string(),
  text: z.string(),
  bytes: z.number(),
  resourceVersion: z.string(),
  /** Newest managedFields time, null when unknown; and managers that own the Corefile field. */
  changedAt: z.string().nullable(),
  managers: z.array(z.string()),
  /** Null when it parses. Line counts from 1; `message` as CoreDNS would word it. */
  error: z.object({ line: z.number(), message: z.string(), kind: z.enum(['syntax', 'directive', 'option']) }).nullable(),
  servers: z.array(ServerBlock),
  /** Uses environment variables or imports that cannot be followed from outside: then `sha512` is null. */
  opaque: z.array(z.string()),
  /** SHA-512 that CoreDNS logs for this text (facts: sha512 of the JSON of its parsed tokens), hex. */
  sha512: z.string().nullable(),
});
export type Corefile = z.infer<typeof Corefile>;

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

/** Chosen values of each pod's /metrics; null where the metric is absent. */
export const CorednsMetrics = z.object({
  pods: z.array(
    z.object({
      pod: z.string(),
      node: z.string().nullable(),
      unreadable: z.string().nullable(),
      reloadFailed: z.number().nullable(),
      reloadHash: z.string().nullable(),
      panics: z.number().nullable(),
      maxConcurrentRejects: z.number().nullable(),
      apiForbidden: z.number().nullable(),
      apiErrors: z.number().nullable(),
      apiRequests: z.number().nullable(),
      rcodes: z.record(z.string(), z.number()),
      healthSlowShare: z.number().nullable(),
      /** For each upstream: attempts, answers, SERVFAIL answers, mean seconds, failed health checks. */
      upstreams: z.array(
        z.object({
          to: z.string(),
          attempts: z.number(),
          answered: z.number(),
          servfail: z.number(),
          meanSeconds: z.number().nullable(),
          healthcheckFailures: z.number(),
          tcpShare: z.number().nullable(),
        }),
      ),
      cpuThrottledShare: z.number().nullable(),
      residentBytes: z.number().nullable(),
    }),
  ),
});
export type CorednsMetrics = z.infer<typeof CorednsMetrics>;
