import type { Corefile, CorednsWorkload, SystemPod } from '../../src/domain/coredns.ts';
import type { Node } from '../../src/domain/nodes.ts';

/** A ready Linux node. */
export function node(name: string, some: Partial<Node> = {}): Node {
  return {
    name,
    ready: true,
    notReadyMessage: null,
    unschedulable: false,
    internalIP: null,
    zone: null,
    os: 'linux',
    arch: 'amd64',
    kubeletVersion: 'v1.34.4',
    kind: 'ordinary',
    taints: [],
    ...some,
  };
}

/** A running CoreDNS pod. */
export function corednsPod(name: string, on: string | null, some: Partial<SystemPod> = {}): SystemPod {
  return {
    namespace: 'kube-system',
    name,
    node: on,
    ip: '10.244.1.2',
    phase: 'Running',
    ready: true,
    terminating: false,
    createdAt: '2026-11-23T07:03:41Z',
    labels: { 'k8s-app': 'kube-dns' },
    annotations: {},
    unschedulable: null,
    container: {
      state: 'running',
      reason: null,
      message: null,
      ready: true,
      restarts: 0,
      startedAt: null,
      image: 'coredns:1.12.4',
      last: null,
    },
    hostNetwork: false,
    ...some,
  };
}

/** The workload of CoreDNS as EKS has it. */
export function workload(some: Partial<CorednsWorkload> = {}): CorednsWorkload {
  return {
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'coredns',
    foundBy: 'label',
    desired: 2,
    ready: 2,
    updated: 2,
    createdAt: '2026-11-23T07:03:41Z',
    labels: {},
    selector: {},
    podLabels: {},
    image: 'registry.example/eks/coredns:v1.12.4-eksbuild.1',
    version: '1.12.4',
    containerPorts: [{ name: 'dns', port: 53, protocol: 'UDP' }],
    readiness: null,
    liveness: null,
    cpuLimitMillis: null,
    memoryLimitBytes: null,
    serviceAccount: 'coredns',
    terminationGraceSeconds: 30,
    configMap: 'coredns',
    corefileKey: 'Corefile',
    nodeSelector: {},
    autoscaler: null,
    managedBy: null,
    condition: null,
    ...some,
  };
}

/** The reading of a Corefile with these directives in one server block. */
export function corefileWith(directives: Partial<Corefile['servers'][number]['directives'][number]>[]): Corefile {
  return {
    namespace: 'kube-system',
    configMap: 'coredns',
    key: 'Corefile',
    text: '',
    bytes: 0,
    resourceVersion: '1',
    changedAt: null,
    managers: [],
    error: null,
    servers: [
      { keys: ['.:53'], zones: [], line: 1, directives: directives.map((one) => ({ name: '', line: 1, args: [], options: [], ...one })) },
    ],
    opaque: [],
    sha512: null,
  };
}
