import type { DnsService, EndpointSlices } from '../../../src/domain/service.ts';
import { clusterIP, homes, corednsIPs } from './base.ts';

export const dnsService = (over: Partial<DnsService> = {}): DnsService => ({
  namespace: 'kube-system',
  name: 'kube-dns',
  foundBy: 'default',
  clusterIPs: [clusterIP],
  type: 'ClusterIP',
  selector: { 'k8s-app': 'kube-dns' },
  ports: [
    { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' },
    { name: 'metrics', port: 9153, targetPort: 9153, protocol: 'TCP' },
  ],
  internalTrafficPolicy: 'Cluster',
  createdAt: '2026-01-01T00:00:00Z',
  labels: { 'k8s-app': 'kube-dns' },
  managedBy: null,
  ...over,
});

export const endpoint = (index: 0 | 1, over: Partial<EndpointSlices['endpoints'][number]> = {}): EndpointSlices['endpoints'][number] => ({
  address: corednsIPs[index],
  ready: true,
  serving: true,
  terminating: false,
  node: homes[index],
  zone: ['eu-west-1a', 'eu-west-1b'][index] ?? null,
  pod: `coredns-${'ab'[index] ?? ''}`,
  ...over,
});

export const endpointSlices = (endpoints = [endpoint(0), endpoint(1)], over: Partial<EndpointSlices> = {}): EndpointSlices => ({
  slices: 1,
  ports: [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    { name: 'metrics', port: 9153, protocol: 'TCP' },
  ],
  endpoints,
  ...over,
});
