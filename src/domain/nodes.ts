import { z } from 'zod';

export const Node = z.object({
  name: z.string(),
  ready: z.boolean(),
  /** Message of the Ready condition when it is not True. */
  notReadyMessage: z.string().nullable(),
  unschedulable: z.boolean(),
  internalIP: z.string().nullable(),
  zone: z.string().nullable(),
  os: z.string(),
  arch: z.string(),
  kubeletVersion: z.string(),
  /** fargate: an AWS Fargate micro VM (no DaemonSets); auto: EKS Auto Mode (DNS and kube-proxy are built into the node). */
  kind: z.enum(['ordinary', 'fargate', 'auto', 'virtual']),
  /** Taints that keep pods without tolerations off. */
  taints: z.array(z.object({ key: z.string(), value: z.string(), effect: z.string() })),
});
export type Node = z.infer<typeof Node>;

/** The nodes, at most the first 100; `complete` says whether these are all. In bigger clusters the nodes that matter are among them. */
export const Nodes = z.object({ total: z.number(), complete: z.boolean(), items: z.array(Node) });
export type Nodes = z.infer<typeof Nodes>;

/** What kind of cluster this is: which parts are expected to be there at all. */
export const ClusterClass = z.object({
  version: z.string(),
  /** eks, k3s, gke, aks, openshift, kubeadm or unknown: from node labels, provider ids and versions. */
  platform: z.string(),
  autoMode: z.enum(['none', 'some', 'all']),
  fargate: z.enum(['none', 'some', 'all']),
  kubeProxy: z.enum(['daemonset', 'replaced', 'absent']),
  /** Who replaces kube-proxy (cilium, k3s, ...), when something does. */
  kubeProxyReplacedBy: z.string().nullable(),
  /** NodeLocal DNSCache, when it is there. `ips` are the addresses it listens on (169.254.20.10, often also the ClusterIP). */
  nodeLocalDns: z
    .object({ namespace: z.string(), name: z.string(), desired: z.number(), ready: z.number(), ips: z.array(z.string()) })
    .nullable(),
  /** What enforces NetworkPolicies: vpc-cni, calico, cilium, ..., or null when none is known. */
  policyEngine: z.string().nullable(),
});
export type ClusterClass = z.infer<typeof ClusterClass>;
