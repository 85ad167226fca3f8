import type { Json } from '../cluster/port.ts';
import type { LookupRow, Lookups } from '../domain/lookups.ts';
import type { NamedServices } from '../domain/service.ts';
import { isClusterName, serviceOfName } from '../rules/names.ts';
import { bounded, outcome, values } from './bounded.ts';
import type { CollectContext, Collector } from './collector.ts';
import { given } from './given.ts';
import { arr, bool, str } from './pick.ts';

type Named = NamedServices['names'][number];
interface Asked {
  host: string;
  service: string;
  namespace: string;
  /** Two labels and no zone: it may as well be a name of the world. */
  vague: boolean;
}

/** Whether the Services are there that the names of the complaint mean, where their lookups did not go well. */
export const namedServices: Collector<'named-services'> = {
  id: 'named-services',
  title: 'Looking for the Services that were asked for',
  after: ['lookups'],
  needs: [
    { group: '', resource: 'namespaces', verb: 'get', scope: 'cluster' },
    { group: '', resource: 'services', verb: 'list', scope: 'cluster' },
    { group: 'discovery.k8s.io', resource: 'endpointslices', verb: 'list', scope: 'cluster' },
  ],
  timeoutMs: 8000,
  skip: (request) => (request.names.length === 0 ? 'no name was given' : null),
  async collect(context) {
    const asked = askedServices(context);
    const outcomes = await bounded(asked, 4, (one) => look(context, one));
    const failed = outcomes.find((one) => 'failure' in one);
    if (failed !== undefined) throw failed.failure;
    return { names: values(outcomes).filter((one) => one !== null) };
  },
};

function askedServices({ request, have }: CollectContext): Asked[] {
  const lookups = given(have.lookups);
  const zone = lookups?.zone ?? 'cluster.local';
  const namespace = request.pod?.includes('/') === true ? (request.pod.split('/')[0] ?? null) : null;
  const names = [...new Set(request.names)].filter((host) => !wentWell(host, lookups)).slice(0, 10);
  return names.flatMap((host) => {
    const meant = serviceOfName(host, zone, namespace);
    const vague = !isClusterName(host, zone) && host.split('.').length === 2;
    return meant === null ? [] : [{ host, ...meant, vague }];
  });
}

/** Every lookup of it was answered with data. A name that was not looked up is worth the question. */
function wentWell(host: string, lookups: Lookups | null): boolean {
  const rows = (lookups?.rows ?? []).filter((row) => bare(row.name) === bare(host));
  return rows.length > 0 && rows.every(hasData);
}

function hasData(row: LookupRow): boolean {
  return row.answered === row.shots && row.answers.length > 0;
}

async function look(context: CollectContext, asked: Asked): Promise<Named | null> {
  const { host, service, namespace } = asked;
  const exists = await namespaceExists(context, namespace);
  // example.com is no Service of a namespace that nobody has
  if (!exists && asked.vague) return null;
  const items = exists ? await servicesOf(context, namespace) : [];
  const own = items.find((item) => str(item, 'metadata.name') === service);
  return {
    host,
    service,
    namespace,
    namespaceExists: exists,
    services: items.flatMap((item) => str(item, 'metadata.name') ?? []),
    headlessNotReady: str(own, 'spec.clusterIP') === 'None' && !(await hasReadyEndpoint(context, namespace, service)),
    externalName: str(own, 'spec.type') === 'ExternalName' ? str(own, 'spec.externalName') : null,
  };
}

async function namespaceExists({ port, signal }: CollectContext, namespace: string): Promise<boolean> {
  const found = await outcome(port.get(`/api/v1/namespaces/${namespace}`, {}, { signal }));
  if ('value' in found) return true;
  if (found.failure.reason === 'missing') return false;
  throw found.failure;
}

async function servicesOf({ port, signal }: CollectContext, namespace: string): Promise<Json[]> {
  return (await port.list(`/api/v1/namespaces/${namespace}/services`, { limit: 500, signal })).items;
}

async function hasReadyEndpoint({ port, signal }: CollectContext, namespace: string, service: string): Promise<boolean> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const { items } = await port.list(path, { labelSelector: `kubernetes.io/service-name=${service}`, limit: 20, signal });
  return items.some((slice) => arr(slice, 'endpoints').some((endpoint) => bool(endpoint, 'conditions.ready') ?? true));
}

function bare(name: string): string {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}
