import type { Kubelets, NetworkPolicies, PolicyPod, Rbac } from '../../../src/domain/network.ts';
import { zone, clusterIP, homes, corednsIPs } from './base.ts';

export const policyPod = (over: Partial<PolicyPod> = {}): PolicyPod => ({
  namespace: 'kube-system',
  name: 'coredns-a',
  labels: { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns' },
  namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
  ips: [corednsIPs[0]],
  hostNetwork: false,
  ports: [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ],
  ...over,
});

/** The named pod, shop/cart-1, as policies see it. */
export const policyClient = (over: Partial<PolicyPod> = {}): PolicyPod =>
  policyPod({
    namespace: 'shop',
    name: 'cart-1',
    labels: { app: 'cart' },
    namespaceLabels: { 'kubernetes.io/metadata.name': 'shop' },
    ips: ['10.0.1.50'],
    ports: [],
    ...over,
  });

export const networkPolicies = (over: Partial<NetworkPolicies> = {}): NetworkPolicies => ({
  policies: [],
  foreign: [],
  coredns: [policyPod(), policyPod({ name: 'coredns-b', ips: [corednsIPs[1]] })],
  client: null,
  sample: [],
  ...over,
});

export const rbacSubject = (
  component: 'coredns' | 'kube-proxy',
  over: Partial<Rbac['subjects'][number]> = {},
): Rbac['subjects'][number] => ({
  component,
  serviceAccount: component,
  namespace: 'kube-system',
  method: 'subject-access-review',
  missing: [],
  bindings: [
    component === 'coredns'
      ? { name: 'system:coredns', role: 'system:coredns', roleExists: true }
      : { name: 'eks:kube-proxy', role: 'system:node-proxier', roleExists: true },
  ],
  ...over,
});

export const rbac = (subjects = [rbacSubject('coredns'), rbacSubject('kube-proxy')]): Rbac => ({ subjects });

export const kubelet = (over: Partial<Kubelets['items'][number]> = {}): Kubelets['items'][number] => ({
  node: homes[0],
  source: 'configz',
  clusterDNS: [clusterIP],
  clusterDomain: zone,
  resolvConf: '/etc/resolv.conf',
  ...over,
});

export const kubelets = (items = [kubelet(), kubelet({ node: homes[1] })]): Kubelets => ({ items });
