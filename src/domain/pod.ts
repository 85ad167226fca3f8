import { z } from 'zod';

export const ResolvConf = z.object({
  nameservers: z.array(z.string()),
  search: z.array(z.string()),
  /** ndots as written, 1 when it is not (the resolver's own default). */
  ndots: z.number(),
  options: z.array(z.string()),
  /** Lines that no resolver understands. */
  unknown: z.array(z.string()),
});
export type ResolvConf = z.infer<typeof ResolvConf>;

/** The pod that the complaint is about. */
export const NamedPod = z.object({
  namespace: z.string(),
  name: z.string(),
  /** kind/name of the workload that it was found through or that owns it (Deployment/cart), null for a bare pod. */
  owner: z.string().nullable(),
  node: z.string().nullable(),
  nodeReady: z.boolean().nullable(),
  phase: z.string(),
  /** Why it does not run, when it does not. */
  notRunning: z.string().nullable(),
  ips: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  dnsPolicy: z.string(),
  hostNetwork: z.boolean(),
  os: z.string(),
  dnsConfig: z
    .object({
      nameservers: z.array(z.string()),
      searches: z.array(z.string()),
      options: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
    })
    .nullable(),
  containers: z.array(z.object({ name: z.string(), image: z.string(), running: z.boolean() })),
  /** /etc/resolv.conf as it stands in the pod, and how it was read; null when it could not be. */
  resolvConf: ResolvConf.nullable(),
  resolvConfHow: z.enum(['exec', 'ephemeral', 'twin']).nullable(),
  /** What the kubelet must have written, from the spec and the kubelet's configuration; null when that is not known. */
  computed: ResolvConf.nullable(),
  /** What was tried and did not work: no shell, no right to exec, ... */
  notes: z.array(z.string()),
  /** The container that commands can be run in, null when there is none. */
  execContainer: z.string().nullable(),
  /** Lookup programs found in it: dig, nslookup, busybox-nslookup, getent. */
  tools: z.array(z.string()),
  /** libc of the container, when seen: glibc, musl or null. */
  libc: z.string().nullable(),
  /** DNSConfigForming and MissingClusterDNS events of the pod. */
  events: z.array(z.object({ reason: z.string(), message: z.string() })),
});
export type NamedPod = z.infer<typeof NamedPod>;
