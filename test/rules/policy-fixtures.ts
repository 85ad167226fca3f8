import type { NetworkPolicy, PolicyPod } from '../../src/domain/network.ts';

/** A pod of namespace `shop`, labelled app=web, unless said otherwise. */
export function pod(over: Partial<PolicyPod> = {}): PolicyPod {
  const namespace = over.namespace ?? 'shop';
  return {
    namespace,
    name: 'web-1',
    labels: { app: 'web' },
    namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
    ips: ['10.0.1.5'],
    hostNetwork: false,
    ports: [],
    ...over,
  };
}

/** A CoreDNS pod as EKS runs it. */
export const coredns = pod({
  namespace: 'kube-system',
  name: 'coredns-1',
  labels: { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns', 'pod-template-hash': '5d78c9869d' },
  ips: ['10.0.2.53'],
  ports: [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    { name: 'metrics', port: 9153, protocol: 'TCP' },
    { name: 'doq', port: 853, protocol: 'UDP' },
  ],
});

/** A policy of namespace `shop` for all its pods, unless said otherwise; its types are those that it has rules for. */
export function policy(spec: Partial<NetworkPolicy> = {}): NetworkPolicy {
  const types: NetworkPolicy['policyTypes'] = [
    ...(spec.ingress ? (['Ingress'] as const) : []),
    ...(spec.egress ? (['Egress'] as const) : []),
  ];
  return { namespace: 'shop', name: 'policy', podSelector: {}, policyTypes: types, ingress: [], egress: [], ...spec };
}

/** `podSelector`/`namespaceSelector` of one label. */
export function label(key: string, value: string): { matchLabels: Record<string, string> } {
  return { matchLabels: { [key]: value } };
}

export const DNS_PORTS = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];
export const TO_KUBE_SYSTEM = { namespaceSelector: label('kubernetes.io/metadata.name', 'kube-system') };
