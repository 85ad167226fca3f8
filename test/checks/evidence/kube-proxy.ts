import type { SystemPod } from '../../../src/domain/coredns.ts';
import type { KubeProxy, KubeProxyConfig, KubeProxyLogs } from '../../../src/domain/kube-proxy.ts';
import type { PodParts } from './coredns.ts';
import { minutesAgo, homes } from './base.ts';
import { systemPod, runningContainer } from './coredns.ts';
import { logClass } from './logs.ts';

export const kubeProxyImage = '602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/kube-proxy:v1.34.4-minimal-eksbuild.1';

/** The kube-proxy pod of a node, running and ready. */
export const kubeProxyPod = (over: PodParts = {}, index: 0 | 1 = 0): SystemPod =>
  systemPod(
    {
      namespace: 'kube-system',
      name: `kube-proxy-${'ab'[index] ?? ''}`,
      node: homes[index],
      ip: ['10.0.1.10', '10.0.2.10'][index] ?? null,
      phase: 'Running',
      ready: true,
      terminating: false,
      createdAt: minutesAgo(60 * 24 * 9),
      labels: { 'k8s-app': 'kube-proxy' },
      annotations: {},
      unschedulable: null,
      container: runningContainer(kubeProxyImage),
      hostNetwork: true,
    },
    over,
  );

export const kubeProxy = (over: Partial<KubeProxy> = {}): KubeProxy => ({
  daemonSet: { namespace: 'kube-system', name: 'kube-proxy', desired: 2, ready: 2, image: kubeProxyImage, configMap: 'kube-proxy-config' },
  pods: [kubeProxyPod(), kubeProxyPod({}, 1)],
  complete: true,
  ...over,
});

export const kubeProxyConfig = (over: Partial<KubeProxyConfig> = {}): KubeProxyConfig => ({
  configMap: 'kube-proxy-config',
  mode: 'iptables',
  server: 'https://ABCDEF.gr7.eu-west-1.eks.amazonaws.com',
  clusterCIDR: null,
  problem: null,
  ...over,
});

type ProxyLog = KubeProxyLogs['pods'][number];

export const kubeProxyLog = (over: Partial<ProxyLog> = {}, index: 0 | 1 = 0): ProxyLog => ({
  pod: `kube-proxy-${'ab'[index] ?? ''}`,
  node: homes[index],
  classes: [logClass('started', { lastAt: minutesAgo(60 * 24 * 9) }), logClass('synced', { lastAt: minutesAgo(60 * 24 * 9) })],
  previous: [],
  lines: 20,
  truncated: false,
  unreadable: null,
  ...over,
});

export const kubeProxyLogs = (pods: ProxyLog[] = [kubeProxyLog(), kubeProxyLog({}, 1)]): KubeProxyLogs => ({ pods });
