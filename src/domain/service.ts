import { z } from 'zod';

/** The Service of cluster DNS. */
export const DnsService = z.object({
  namespace: z.string(),
  name: z.string(),
  /** default: kube-system/kube-dns; config: as configured; nameserver: found through the address in a pod's resolv.conf; label: k8s-app=kube-dns. */
  foundBy: z.enum(['default', 'config', 'nameserver', 'label']),
  clusterIPs: z.array(z.string()),
  type: z.string(),
  selector: z.record(z.string(), z.string()),
  ports: z.array(
    z.object({ name: z.string().nullable(), port: z.number(), targetPort: z.union([z.number(), z.string()]), protocol: z.string() }),
  ),
  internalTrafficPolicy: z.string(),
  createdAt: z.string(),
  labels: z.record(z.string(), z.string()),
  managedBy: z.string().nullable(),
});
export type DnsService = z.infer<typeof DnsService>;

/** The EndpointSlices of that Service, flattened. */
export const EndpointSlices = z.object({
  slices: z.number(),
  ports: z.array(z.object({ name: z.string().nullable(), port: z.number().nullable(), protocol: z.string() })),
  endpoints: z.array(
    z.object({
      address: z.string(),
      ready: z.boolean(),
      serving: z.boolean(),
      terminating: z.boolean(),
      node: z.string().nullable(),
      zone: z.string().nullable(),
      pod: z.string().nullable(),
    }),
  ),
});
export type EndpointSlices = z.infer<typeof EndpointSlices>;

/** Services that an asked name may have meant: the namespace it names, and the Services there (names only, at most 500). */
export const NamedServices = z.object({
  names: z.array(
    z.object({
      host: z.string(),
      service: z.string(),
      namespace: z.string(),
      namespaceExists: z.boolean(),
      services: z.array(z.string()),
      /** The Service is there but headless with no ready endpoint, or an ExternalName (its target), when that is so. */
      headlessNotReady: z.boolean(),
      externalName: z.string().nullable(),
    }),
  ),
});
export type NamedServices = z.infer<typeof NamedServices>;
