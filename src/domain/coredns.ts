import { z } from 'zod';

export * from './coredns-logs.ts';
export * from './corefile.ts';

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
