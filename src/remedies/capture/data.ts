import { z } from 'zod';

/** A pod whose network is entered. `uid`: its processes are found by it. */
export const EnteredPod = z.object({
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  ips: z.array(z.string()),
  hostNetwork: z.boolean(),
});
export type EnteredPod = z.infer<typeof EnteredPod>;

/** A place to capture at. `pod`: null for the node itself, and for a client of ours that is not there yet. */
export const PlannedPoint = z.object({
  id: z.string().regex(/^[csn]\d{1,2}$/),
  role: z.enum(['client', 'server', 'node']),
  node: z.string(),
  label: z.string(),
  pod: EnteredPod.nullable(),
  addresses: z.array(z.string()),
});
export type PlannedPoint = z.infer<typeof PlannedPoint>;

/** A server that is asked. */
export const Target = z.object({ server: z.string(), port: z.number(), kind: z.enum(['cluster-ip', 'pod', 'nameserver']) });
export type Target = z.infer<typeof Target>;

/** What a plan to capture packets holds. */
export const CaptureData = z.object({
  /** `node`: privileged pods that enter the network of others; `pod`: ephemeral containers in the pods themselves. */
  way: z.enum(['node', 'pod']),
  seconds: z.number(),
  /** At each point. */
  packets: z.number(),
  bytes: z.number(),
  filter: z.string().nullable(),
  /** Where DNS is spoken. */
  ports: z.array(z.number()),
  zone: z.string(),
  /** A zone of the world, for names that CoreDNS has to ask for. */
  outside: z.string().nullable(),
  clusterIps: z.array(z.string()),
  upstreams: z.array(z.string()),
  endpoints: z.array(z.string()),
  places: z.record(z.string(), z.object({ label: z.string(), node: z.string().nullable() })),
  points: z.array(PlannedPoint).min(1),
  targets: z.array(Target),
  /** Where nothing can be captured, and why. */
  left: z.array(z.object({ label: z.string(), why: z.string() })),
});
export type CaptureData = z.infer<typeof CaptureData>;

/** Beyond the seconds of the capture: to start pods, to wait for queries that nobody answers, to read, and for a second attempt. */
const MORE_SECONDS = 240;

/** How long a capture pod lives at most. */
export const podSeconds = ({ seconds }: Pick<CaptureData, 'seconds'>): number => seconds + MORE_SECONDS;
