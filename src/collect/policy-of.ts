import type { LabelSelector } from '../domain/coredns.ts';
import type { NetworkPolicy } from '../domain/network.ts';
import { arr, at, num, obj, str, strMap, strings } from './pick.ts';

type Ports = NonNullable<NetworkPolicy['ingress'][number]['ports']>;
type Peers = NonNullable<NetworkPolicy['ingress'][number]['from']>;

/** A NetworkPolicy from the API server's JSON, null when it has no name. An absent list of peers or ports stays absent: it means all. */
export function policyOf(json: unknown): NetworkPolicy | null {
  const name = str(json, 'metadata.name');
  if (name === null) return null;
  return {
    namespace: str(json, 'metadata.namespace') ?? '',
    name,
    podSelector: selectorOf(at(json, 'spec.podSelector')),
    policyTypes: typesOf(json),
    ingress: arr(json, 'spec.ingress').map((rule) => ({ ...peersOf(rule, 'from'), ...portsOf(rule) })),
    egress: arr(json, 'spec.egress').map((rule) => ({ ...peersOf(rule, 'to'), ...portsOf(rule) })),
  };
}

/** A label selector from the API server's JSON; what is not there selects everything. */
export function selectorOf(json: unknown): LabelSelector {
  const expressions = arr(json, 'matchExpressions').map((one) => ({
    key: str(one, 'key') ?? '',
    operator: str(one, 'operator') ?? '',
    ...(arr(one, 'values').length > 0 ? { values: strings(one, 'values') } : {}),
  }));
  const labels = strMap(json, 'matchLabels');
  return {
    ...(Object.keys(labels).length > 0 ? { matchLabels: labels } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  };
}

/** Without policyTypes a policy is about ingress, and about egress when it has egress rules (API reference of NetworkPolicySpec). */
function typesOf(json: unknown): NetworkPolicy['policyTypes'] {
  const types = strings(json, 'spec.policyTypes').filter((type): type is 'Ingress' | 'Egress' => type === 'Ingress' || type === 'Egress');
  if (types.length > 0) return types;
  return arr(json, 'spec.egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function peersOf<K extends 'from' | 'to'>(rule: unknown, key: K): { [P in K]?: Peers } {
  const found = at(rule, key);
  return (Array.isArray(found) ? { [key]: found.map(peerOf) } : {}) as { [P in K]?: Peers };
}

function peerOf(json: unknown): Peers[number] {
  const has = (key: string): boolean => at(json, key) !== undefined && at(json, key) !== null;
  const cidr = str(json, 'ipBlock.cidr');
  return {
    ...(has('podSelector') ? { podSelector: selectorOf(at(json, 'podSelector')) } : {}),
    ...(has('namespaceSelector') ? { namespaceSelector: selectorOf(at(json, 'namespaceSelector')) } : {}),
    ...(cidr === null ? {} : { ipBlock: { cidr, except: strings(json, 'ipBlock.except') } }),
  };
}

function portsOf(rule: unknown): { ports?: Ports } {
  const found = at(rule, 'ports');
  return Array.isArray(found) ? { ports: found.map((port) => portOf(obj(port))) } : {};
}

function portOf(json: unknown): Ports[number] {
  const port = num(json, 'port') ?? str(json, 'port');
  const endPort = num(json, 'endPort');
  return { protocol: str(json, 'protocol') ?? 'TCP', ...(port === null ? {} : { port }), ...(endPort === null ? {} : { endPort }) };
}
