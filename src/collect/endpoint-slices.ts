import { Failure } from '../base/failure.ts';
import type { Json } from '../cluster/port.ts';
import type { EndpointSlices } from '../domain/service.ts';
import { outcome } from './bounded.ts';
import type { CollectContext, Collector } from './collector.ts';
import { arr, bool, num, obj, str, strings } from './pick.ts';

type Endpoint = EndpointSlices['endpoints'][number];
type Port = EndpointSlices['ports'][number];
interface Place {
  namespace: string;
  name: string;
}

/** Where the DNS Service leads to: the addresses of its EndpointSlices, and of its Endpoints where the cluster has no EndpointSlices (before 1.21). */
export const endpointSlices: Collector<'endpoint-slices'> = {
  id: 'endpoint-slices',
  title: 'Reading the endpoints of the DNS Service',
  after: ['dns-service'],
  needs: [
    { group: 'discovery.k8s.io', resource: 'endpointslices', verb: 'list', scope: 'dns' },
    { group: '', resource: 'endpoints', verb: 'get', scope: 'dns' },
  ],
  timeoutMs: 8000,
  async collect(context) {
    const service = placeOf(context);
    const found = await outcome(readSlices(context, service));
    if ('value' in found) return found.value;
    // a list is never missing where its API group is served
    if (found.failure.reason === 'missing') return readEndpoints(context, service);
    throw found.failure;
  },
};

function placeOf({ have }: CollectContext): Place {
  const service = have['dns-service'];
  if (service?.status === 'ok') return service.data;
  throw new Failure('skipped', 'which Service to ask for is not known: dns-service was not read');
}

async function readSlices({ port, signal }: CollectContext, { namespace, name }: Place): Promise<EndpointSlices> {
  const labelSelector = `kubernetes.io/service-name=${name}`;
  const { items } = await port.list(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
    labelSelector,
    limit: 20,
    signal,
  });
  return { slices: items.length, ports: portsOf(items), endpoints: items.flatMap(endpointsOf) };
}

function endpointsOf(slice: Json): Endpoint[] {
  return arr(slice, 'endpoints').flatMap((endpoint) => strings(endpoint, 'addresses').map((address) => endpointOf(endpoint, address)));
}

/** A condition that is not there: ready counts as true, serving as ready, terminating as false (API reference of EndpointSlice). */
function endpointOf(json: unknown, address: string): Endpoint {
  const ready = bool(json, 'conditions.ready') ?? true;
  return {
    address,
    ready,
    serving: bool(json, 'conditions.serving') ?? ready,
    terminating: bool(json, 'conditions.terminating') ?? false,
    node: str(json, 'nodeName'),
    zone: str(json, 'zone'),
    pod: podOf(json),
  };
}

async function readEndpoints({ port, signal }: CollectContext, { namespace, name }: Place): Promise<EndpointSlices> {
  const json = await port.get(`/api/v1/namespaces/${namespace}/endpoints/${name}`, {}, { signal });
  const subsets = arr(json, 'subsets').map((subset) => obj(subset));
  const endpoints = subsets.flatMap((subset) => [
    ...arr(subset, 'addresses').map((address) => addressOf(address, true)),
    ...arr(subset, 'notReadyAddresses').map((address) => addressOf(address, false)),
  ]);
  return { slices: subsets.length, ports: portsOf(subsets), endpoints: endpoints.filter((one) => one.address !== '') };
}

function addressOf(json: unknown, ready: boolean): Endpoint {
  const address = str(json, 'ip') ?? '';
  return { address, ready, serving: ready, terminating: false, node: str(json, 'nodeName'), zone: null, pod: podOf(json) };
}

function podOf(json: unknown): string | null {
  return str(json, 'targetRef.kind') === 'Pod' ? str(json, 'targetRef.name') : null;
}

/** Each port once, however many slices have it. */
function portsOf(slices: readonly unknown[]): Port[] {
  const all = slices.flatMap((slice) => arr(slice, 'ports')).map(portOf);
  return [...new Map(all.map((port) => [JSON.stringify(port), port])).values()];
}

function portOf(json: unknown): Port {
  const name = str(json, 'name');
  return { name: name === '' ? null : name, port: num(json, 'port'), protocol: str(json, 'protocol') ?? 'TCP' };
}
