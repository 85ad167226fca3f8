import { Failure } from '../base/failure.ts';
import type { ClusterPort, Json } from '../cluster/port.ts';
import type { CorednsWorkload } from '../domain/coredns.ts';
import type { DnsService } from '../domain/service.ts';
import type { DnsSettings } from '../domain/settings.ts';
import { matches } from '../rules/label-selector.ts';
import { parseSelector } from '../rules/parse-selector.ts';
import { outcome } from './bounded.ts';
import { findService } from './dns-service.ts';
import { arr, str, strMap } from './pick.ts';

type Kind = CorednsWorkload['kind'];

/** A workload as the API server gives it, and how it was found. */
export interface FoundWorkload {
  kind: Kind;
  json: Json;
  foundBy: CorednsWorkload['foundBy'];
}

type Search = { port: ClusterPort; namespace: string; signal: AbortSignal };
const plurals: Readonly<Record<Kind, string>> = { Deployment: 'deployments', DaemonSet: 'daemonsets', StatefulSet: 'statefulsets' };
const kinds: readonly Kind[] = ['Deployment', 'DaemonSet', 'StatefulSet'];

/** The workload that runs cluster DNS; rejects with a Failure, `missing` when it is nowhere where it was looked for. */
export async function findCoredns(port: ClusterPort, dns: DnsSettings, signal: AbortSignal): Promise<FoundWorkload> {
  const search = { port, namespace: dns.namespace, signal };
  if (dns.selector !== null) return configured(search, dns.selector);
  const byLabel = await outcome(labelled(search, 'k8s-app=kube-dns'));
  if ('failure' in byLabel && byLabel.failure.reason !== 'forbidden') throw byLabel.failure;
  const usual = ('value' in byLabel ? byLabel.value : null) ?? (await named(search, 'coredns'));
  if (usual !== null) return usual;
  if ('failure' in byLabel) throw byLabel.failure;
  const found = await labelled(search, 'app.kubernetes.io/name=coredns');
  if (found !== null) return found;
  const service = await outcome(findService(port, dns, signal));
  const behind = 'value' in service ? await findWorkloadBehind(port, service.value, signal) : null;
  if (behind !== null) return behind;
  throw new Failure(
    'missing',
    `no Deployment or DaemonSet of CoreDNS in ${dns.namespace}: none labelled k8s-app=kube-dns, none named coredns`,
  );
}

/** The workload whose pods a Service selects; null when there is none, or the Service selects nothing. */
export async function findWorkloadBehind(port: ClusterPort, service: DnsService, signal: AbortSignal): Promise<FoundWorkload | null> {
  if (Object.keys(service.selector).length === 0) return null;
  const selects = (labels: Record<string, string>): boolean => matches({ matchLabels: service.selector }, labels);
  return selected({ port, namespace: service.namespace, signal }, selects, 'nameserver');
}

async function configured(search: Search, text: string): Promise<FoundWorkload> {
  const selector = parseSelector(text);
  if (selector === null) throw new Failure('error', `the configured selector of CoreDNS is no label selector: ${text.slice(0, 200)}`);
  const found = await selected(search, (labels) => matches(selector, labels), 'config');
  if (found !== null) return found;
  throw new Failure('missing', `no workload in ${search.namespace} whose pods are labelled ${text.slice(0, 200)}`);
}

async function selected(
  search: Search,
  selects: (labels: Record<string, string>) => boolean,
  foundBy: FoundWorkload['foundBy'],
): Promise<FoundWorkload | null> {
  for (const kind of kinds) {
    const items = await list(search, kind);
    const json = best(items.filter((item) => selects(strMap(item, 'spec.template.metadata.labels'))));
    if (json !== null) return { kind, json, foundBy };
  }
  return null;
}

async function labelled(search: Search, labelSelector: string): Promise<FoundWorkload | null> {
  for (const kind of ['Deployment', 'DaemonSet'] as const) {
    const json = best(await list(search, kind, labelSelector));
    if (json !== null) return { kind, json, foundBy: 'label' };
  }
  return null;
}

async function named(search: Search, name: string): Promise<FoundWorkload | null> {
  const found = await outcome(search.port.get(`${path(search, 'Deployment')}/${name}`, {}, { signal: search.signal }));
  if ('value' in found) return { kind: 'Deployment', json: found.value, foundBy: 'name' };
  if (found.failure.reason === 'missing') return null;
  throw found.failure;
}

async function list(search: Search, kind: Kind, labelSelector?: string): Promise<Json[]> {
  const options = labelSelector === undefined ? { limit: 200 } : { labelSelector, limit: 20 };
  return (await search.port.list(path(search, kind), { ...options, signal: search.signal })).items;
}

function path({ namespace }: Search, kind: Kind): string {
  return `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${plurals[kind]}`;
}

/** The one that runs CoreDNS, where several carry the label; else the first by name. */
function best(items: readonly Json[]): Json | null {
  const name = (item: Json): string => str(item, 'metadata.name') ?? '';
  const sorted = items.filter((item) => name(item) !== '').toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
  return sorted.find(runsCoredns) ?? sorted[0] ?? null;
}

function runsCoredns(item: Json): boolean {
  return arr(item, 'spec.template.spec.containers').some((container) => str(container, 'name') === 'coredns');
}
