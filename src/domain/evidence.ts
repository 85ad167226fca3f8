import { z } from 'zod';
import { CaptureReport } from './capture.ts';
import { Corefile, CorednsLogs, CorednsMetrics, CorednsPods, CorednsWorkload, Events } from './coredns.ts';
import { KubeProxy, KubeProxyConfig, KubeProxyLogs } from './kube-proxy.ts';
import { Lookups } from './lookups.ts';
import { Kubelets, NetworkPolicies, Rbac } from './network.ts';
import { ClusterClass, Nodes } from './nodes.ts';
import { NamedPod } from './pod.ts';
import type { Reading } from './reading.ts';
import { DnsService, EndpointSlices, NamedServices } from './service.ts';

/** The facts of a run, by id: what each collector gives; but no collector captures packets: that is done by order, and given to a run. */
export const schemas = {
  nodes: Nodes,
  'cluster-class': ClusterClass,
  'coredns-workload': CorednsWorkload,
  'coredns-pods': CorednsPods,
  'coredns-events': Events,
  corefile: Corefile,
  'dns-service': DnsService,
  'endpoint-slices': EndpointSlices,
  'coredns-logs': CorednsLogs,
  'coredns-metrics': CorednsMetrics,
  'kube-proxy': KubeProxy,
  'kube-proxy-config': KubeProxyConfig,
  'kube-proxy-logs': KubeProxyLogs,
  'network-policies': NetworkPolicies,
  rbac: Rbac,
  kubelets: Kubelets,
  pod: NamedPod,
  'named-services': NamedServices,
  lookups: Lookups,
  capture: CaptureReport,
} as const;

export type ReadingId = keyof typeof schemas;
export type ReadingData = { [K in ReadingId]: z.infer<(typeof schemas)[K]> };
export const readingIds = Object.keys(schemas) as ReadingId[];

/** All readings of a run; a collector that did not run is absent. */
export type Evidence = { [K in ReadingId]?: Reading<ReadingData[K]> };

/** The data that a check asked for: each reading there and ok, or undefined where the check declared it optional and it is not. */
export type Facts<R extends ReadingId, O extends ReadingId = never> = { [K in R]: ReadingData[K] } & { [K in O]?: ReadingData[K] };
