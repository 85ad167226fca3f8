import { z } from 'zod';
import { LabelSelector } from './coredns.ts';

const PolicyPort = z.object({
  protocol: z.string().optional(),
  port: z.union([z.number(), z.string()]).optional(),
  endPort: z.number().optional(),
});
const Peer = z.object({
  podSelector: LabelSelector.optional(),
  namespaceSelector: LabelSelector.optional(),
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).optional() }).optional(),
});
export const NetworkPolicy = z.object({
  namespace: z.string(),
  name: z.string(),
  podSelector: LabelSelector,
  policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
  ingress: z.array(z.object({ from: z.array(Peer).optional(), ports: z.array(PolicyPort).optional() })),
  egress: z.array(z.object({ to: z.array(Peer).optional(), ports: z.array(PolicyPort).optional() })),
});
export type NetworkPolicy = z.infer<typeof NetworkPolicy>;

/** A pod as NetworkPolicies see it. */
export const PolicyPod = z.object({
  namespace: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  namespaceLabels: z.record(z.string(), z.string()),
  ips: z.array(z.string()),
  hostNetwork: z.boolean(),
  /** Named container ports, for policies that name a port. */
  ports: z.array(z.object({ name: z.string().nullable(), port: z.number(), protocol: z.string() })),
});
export type PolicyPod = z.infer<typeof PolicyPod>;

/** Policies of CoreDNS' namespace and of the named pod's, the pods they are judged for, and a sample of other clients. */
export const NetworkPolicies = z.object({
  policies: z.array(NetworkPolicy),
  /** Policy objects of engines of their own (Calico, Cilium, AdminNetworkPolicy) that exist and were not evaluated: kind and count. */
  foreign: z.array(z.object({ kind: z.string(), count: z.number() })),
  coredns: z.array(PolicyPod),
  /** The named pod, null when none was named. */
  client: PolicyPod.nullable(),
  /** Up to 20 running pods of other namespaces: read only when a policy selects CoreDNS. */
  sample: z.array(PolicyPod),
});
export type NetworkPolicies = z.infer<typeof NetworkPolicies>;

/** One subject's RBAC: whether it may do what it needs. `method`: how that was found out. */
export const Rbac = z.object({
  subjects: z.array(
    z.object({
      component: z.enum(['coredns', 'kube-proxy']),
      serviceAccount: z.string(),
      namespace: z.string(),
      method: z.enum(['subject-access-review', 'roles']),
      /** What it needs (by its version) and does not have. */
      missing: z.array(z.object({ group: z.string(), resource: z.string(), verb: z.string() })),
      /** Bindings that name it, with their role, and whether that role exists. */
      bindings: z.array(z.object({ name: z.string(), role: z.string(), roleExists: z.boolean() })),
    }),
  ),
});
export type Rbac = z.infer<typeof Rbac>;

/** What the kubelets tell new pods, by node. */
export const Kubelets = z.object({
  items: z.array(
    z.object({
      node: z.string(),
      /** configz: asked from the kubelet; probe: read in a probe pod with dnsPolicy ClusterFirst. */
      source: z.enum(['configz', 'probe']),
      clusterDNS: z.array(z.string()),
      clusterDomain: z.string().nullable(),
      resolvConf: z.string().nullable(),
    }),
  ),
});
export type Kubelets = z.infer<typeof Kubelets>;
