import { z } from 'zod';

const Toleration = z.object({
  key: z.string().optional(),
  operator: z.enum(['Exists', 'Equal']).optional(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
});

/** How and where probe pods are started. */
export const ProbeSettings = z.object({
  namespace: z.string(),
  image: z.string(),
  pullSecret: z.string().nullable(),
  tolerations: z.array(Toleration),
  /** Labels that the cluster's admission policies or NetworkPolicies ask of pods. */
  labels: z.record(z.string(), z.string()),
});
export type ProbeSettings = z.infer<typeof ProbeSettings>;

/** Where packets are captured from: privileged pods, apart from all others. They have the image and the labels of probe pods. */
export const CaptureSettings = z.object({ namespace: z.string() });
export type CaptureSettings = z.infer<typeof CaptureSettings>;

/** Where cluster DNS lives, when it is not where it usually is; null: look for it. */
export const DnsSettings = z.object({
  namespace: z.string(),
  service: z.string().nullable(),
  /** Label selector of the CoreDNS pods, `key=value,...`. */
  selector: z.string().nullable(),
});
export type DnsSettings = z.infer<typeof DnsSettings>;

/** What a run needs to know about a cluster, besides how to reach it. */
export const ClusterSettings = z.object({
  dns: DnsSettings,
  probe: ProbeSettings,
  /** Orders that were kept by a version without captures have none. */
  capture: CaptureSettings.default({ namespace: 'dns-medic-capture' }),
  /** External names to look up beside those asked for. */
  names: z.array(z.string()),
});
export type ClusterSettings = z.infer<typeof ClusterSettings>;
