import { z } from 'zod';
import type { CallOptions, ClusterPort } from '../../cluster/port.ts';

const Slice = z.object({
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().nullish(), terminating: z.boolean().nullish() }).nullish(),
      }),
    )
    .nullish(),
});

/**
 * The addresses that the EndpointSlices of a Service have as ready: those that nodes send to. A condition that is not there counts as ready (API
 * reference of EndpointSlice). Rejects with a Failure.
 */
export async function readyAddresses(
  port: ClusterPort,
  { namespace, name }: { namespace: string; name: string },
  options: CallOptions = {},
): Promise<Set<string>> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`;
  const { items } = await port.list(path, { ...options, labelSelector: `kubernetes.io/service-name=${name}`, limit: 20 });
  const endpoints = items.flatMap((item) => Slice.safeParse(item).data?.endpoints ?? []);
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false && conditions?.terminating !== true);
  return new Set(ready.flatMap(({ addresses }) => addresses));
}
