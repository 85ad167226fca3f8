import type { ReadingData } from '../../domain/evidence.ts';

/** A rule of a role. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

type Subject = ReadingData['rbac']['subjects'][number];
type Need = Subject['missing'][number];

/** The rules of the ClusterRole `system:coredns`, as EKS and kubeadm have it (eksctl's manifest; kubeadm, phases/addons/dns/manifests.go). */
const coredns: readonly Rule[] = [
  { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
];

/** The names that a component's role and binding have where somebody has not named them otherwise, and what the role allows. */
export interface Standard {
  role: string;
  binding: string;
  /** Null: Kubernetes itself keeps the role. */
  rules: readonly Rule[] | null;
}

/** The ClusterRole that Kubernetes itself keeps for kube-proxy, and writes again when its API server starts (bootstrappolicy/policy.go). */
export const NODE_PROXIER = 'system:node-proxier';

/** What a component is bound to by its distribution's own manifests. */
export function standardOf(component: Subject['component'], platform: string | undefined): Standard {
  if (component === 'coredns') return { role: 'system:coredns', binding: 'system:coredns', rules: coredns };
  return { role: NODE_PROXIER, binding: platform === 'eks' ? 'eks:kube-proxy' : 'kubeadm:node-proxier', rules: null };
}

/** Rules that allow what is missing, one for each group and verbs: nothing more. */
export function rulesFor(missing: readonly Need[]): Rule[] {
  const byResource = new Map<string, { group: string; resource: string; verbs: string[] }>();
  for (const { group, resource, verb } of missing) {
    const key = `${group}/${resource}`;
    const known = byResource.get(key);
    if (known === undefined) byResource.set(key, { group, resource, verbs: [verb] });
    else known.verbs.push(verb);
  }
  const rules = new Map<string, Rule>();
  for (const { group, resource, verbs } of byResource.values()) {
    const key = `${group} ${verbs.toSorted().join(',')}`;
    const known = rules.get(key);
    if (known === undefined) rules.set(key, { apiGroups: [group], resources: [resource], verbs: verbs.toSorted() });
    else known.resources.push(resource);
  }
  return [...rules.values()];
}
