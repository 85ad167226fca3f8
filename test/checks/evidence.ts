import type { ReadingData } from '../../src/domain/evidence.ts';
import { namedPod } from './evidence/client.ts';
import { corednsPods, workload } from './evidence/coredns.ts';
import { corefile } from './evidence/corefile.ts';
import { dnsService, endpointSlices } from './evidence/dns-service.ts';
import { kubeProxy, kubeProxyConfig, kubeProxyLogs } from './evidence/kube-proxy.ts';
import { corednsLogs, corednsMetrics } from './evidence/logs.ts';
import { lookups } from './evidence/lookups.ts';
import { kubelets, networkPolicies, rbac } from './evidence/network.ts';
import { clusterClass, nodes } from './evidence/nodes.ts';

export * from './evidence/base.ts';
export * from './evidence/capture.ts';
export * from './evidence/nodes.ts';
export * from './evidence/coredns.ts';
export * from './evidence/corefile.ts';
export * from './evidence/dns-service.ts';
export * from './evidence/logs.ts';
export * from './evidence/kube-proxy.ts';
export * from './evidence/network.ts';
export * from './evidence/client.ts';
export * from './evidence/lookups.ts';
export * from './evidence/pod-rows.ts';
export * from './evidence/proxy-trouble.ts';

/** What a check reads by itself: packets are captured only by order. */
export type Collected = Omit<ReadingData, 'capture'> & Pick<Partial<ReadingData>, 'capture'>;

/** Every reading of a healthy two-node EKS cluster, no pod or name asked for; tests override what they break. */
export const healthyFacts = (over: Partial<ReadingData> = {}): Collected => ({
  nodes: nodes(),
  'cluster-class': clusterClass(),
  'coredns-workload': workload(),
  'coredns-pods': corednsPods(),
  'coredns-events': { items: [] },
  corefile: corefile(),
  'dns-service': dnsService(),
  'endpoint-slices': endpointSlices(),
  'coredns-logs': corednsLogs(),
  'coredns-metrics': corednsMetrics(),
  'kube-proxy': kubeProxy(),
  'kube-proxy-config': kubeProxyConfig(),
  'kube-proxy-logs': kubeProxyLogs(),
  'network-policies': networkPolicies(),
  rbac: rbac(),
  kubelets: kubelets(),
  pod: namedPod(),
  'named-services': { names: [] },
  lookups: lookups(),
  ...over,
});

/** The healthy readings but for those that could not be had. */
export const factsWithout = (...ids: (keyof ReadingData)[]): Partial<ReadingData> =>
  Object.fromEntries(Object.entries(healthyFacts()).filter(([id]) => !ids.some((absent) => absent === id)));
