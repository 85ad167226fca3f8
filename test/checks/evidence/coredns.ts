import type { CorednsPods, CorednsWorkload, SystemPod } from '../../../src/domain/coredns.ts';
import { minutesAgo, homes, corednsIPs } from './base.ts';

export const corednsImage = '602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/coredns:v1.12.4-eksbuild.1';

export const workload = (over: Partial<CorednsWorkload> = {}): CorednsWorkload => ({
  kind: 'Deployment',
  namespace: 'kube-system',
  name: 'coredns',
  foundBy: 'label',
  desired: 2,
  ready: 2,
  updated: 2,
  createdAt: '2026-01-01T00:00:00Z',
  labels: { 'k8s-app': 'kube-dns' },
  selector: { matchLabels: { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns' } },
  podLabels: { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns' },
  image: corednsImage,
  version: '1.12.4',
  containerPorts: [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    { name: 'metrics', port: 9153, protocol: 'TCP' },
  ],
  readiness: { path: '/ready', port: 8181 },
  liveness: { path: '/health', port: 8080 },
  cpuLimitMillis: null,
  memoryLimitBytes: 170 * 1024 * 1024,
  serviceAccount: 'coredns',
  terminationGraceSeconds: 30,
  configMap: 'coredns',
  corefileKey: 'Corefile',
  nodeSelector: {},
  autoscaler: null,
  managedBy: null,
  condition: null,
  ...over,
});

/** Parts of a pod to override; `container` is merged into the healthy container. */
export type PodParts = Partial<Omit<SystemPod, 'container'>> & { container?: Partial<SystemPod['container']> };

export const systemPod = (base: SystemPod, { container = {}, ...over }: PodParts): SystemPod => ({
  ...base,
  ...over,
  container: { ...base.container, ...container },
});

/** The CoreDNS pod `coredns-a` (0) or `coredns-b` (1), running and ready. */
export const corednsPod = (over: PodParts = {}, index: 0 | 1 = 0): SystemPod =>
  systemPod(
    {
      namespace: 'kube-system',
      name: `coredns-${'ab'[index] ?? ''}`,
      node: homes[index],
      ip: corednsIPs[index],
      phase: 'Running',
      ready: true,
      terminating: false,
      createdAt: minutesAgo(60 * 24 * 9),
      labels: { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns' },
      annotations: {},
      unschedulable: null,
      container: runningContainer(corednsImage),
      hostNetwork: false,
    },
    over,
  );

export const runningContainer = (image: string): SystemPod['container'] => ({
  state: 'running',
  reason: null,
  message: null,
  ready: true,
  restarts: 0,
  startedAt: minutesAgo(60 * 24 * 9),
  image,
  last: null,
});

export const corednsPods = (items: SystemPod[] = [corednsPod(), corednsPod({}, 1)]): CorednsPods => ({ items, complete: true });

/** Parts of a pod that crashes and is waiting for its next start. */
export const crashing = (over: Partial<SystemPod['container']> = {}): PodParts => ({
  ready: false,
  container: {
    state: 'waiting',
    reason: 'CrashLoopBackOff',
    message: 'back-off 1m20s restarting failed container',
    ready: false,
    restarts: 5,
    startedAt: null,
    last: { reason: 'Error', exitCode: 1, startedAt: minutesAgo(1), finishedAt: minutesAgo(1), message: '' },
    ...over,
  },
});
