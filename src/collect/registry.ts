import type { Collector } from './collector.ts';
import { clusterClass } from './cluster-class.ts';
import { corednsEvents } from './coredns-events.ts';
import { corednsLogs } from './coredns-logs.ts';
import { corednsMetrics } from './coredns-metrics.ts';
import { corednsPods } from './coredns-pods.ts';
import { corednsWorkload } from './coredns-workload.ts';
import { corefile } from './corefile.ts';
import { dnsService } from './dns-service.ts';
import { endpointSlices } from './endpoint-slices.ts';
import { kubeProxy } from './kube-proxy.ts';
import { kubeProxyConfig } from './kube-proxy-config.ts';
import { kubeProxyLogs } from './kube-proxy-logs.ts';
import { kubelets } from './kubelets.ts';
import { lookups } from './lookups.ts';
import { namedServices } from './named-services.ts';
import { networkPolicies } from './network-policies.ts';
import { nodes } from './nodes.ts';
import { pod } from './pod.ts';
import { rbac } from './rbac.ts';

/** Every collector. The order does not matter: each says what it comes after. */
export const collectors: readonly Collector[] = [
  nodes,
  clusterClass,
  corednsWorkload,
  corednsPods,
  corednsEvents,
  corefile,
  dnsService,
  endpointSlices,
  corednsLogs,
  corednsMetrics,
  kubeProxy,
  kubeProxyConfig,
  kubeProxyLogs,
  networkPolicies,
  rbac,
  kubelets,
  pod,
  namedServices,
  lookups,
] as readonly Collector[];
