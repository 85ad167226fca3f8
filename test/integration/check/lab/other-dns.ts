import type { Thing } from './api.ts';
import { coredns, type Laboratory } from './cluster.ts';

const rbac = 'rbac.authorization.k8s.io';

/** What every CoreDNS of the tests may read; its ServiceAccount is `mydns`. */
export async function allowDns(lab: Laboratory, namespace: string): Promise<void> {
  const rules = [
    { apiGroups: [''], resources: ['services', 'namespaces', 'pods'], verbs: ['list', 'watch'] },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  ];
  await lab.make('ServiceAccount', namespace, 'mydns');
  await lab.make('ClusterRole', '', namespace, { rules });
  const subjects = [{ kind: 'ServiceAccount', name: 'mydns', namespace }];
  await lab.make('ClusterRoleBinding', '', namespace, { subjects, roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: namespace } });
}

/** A CoreDNS of its own: Deployment, Service and ConfigMap of that name, labelled `app=NAME`. The ConfigMap is mounted whole. */
export async function makeDns(
  lab: Laboratory,
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
  { replicas = 1, clusterIP }: { replicas?: number; clusterIP?: string } = {},
): Promise<void> {
  const labels = { app: name };
  const probe = (path: string, port: number): Thing => ({ httpGet: { path, port }, periodSeconds: 1 });
  const container = {
    name: 'dns',
    image: coredns,
    imagePullPolicy: 'IfNotPresent',
    command: ['/coredns'],
    args: ['-conf', '/etc/coredns/Corefile'],
    ports: [
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
    ],
    readinessProbe: probe('/ready', 8181),
    livenessProbe: { ...probe('/health', 8080), initialDelaySeconds: 30 },
    resources: { requests: { memory: '70Mi' }, limits: { memory: '170Mi' } },
    volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }],
  };
  const podSpec = {
    serviceAccountName: 'mydns',
    dnsPolicy: 'Default',
    terminationGracePeriodSeconds: 0,
    containers: [container],
    volumes: [{ name: 'config', configMap: { name } }],
  };
  const affinity = {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, podAffinityTerm: { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' } },
      ],
    },
  };
  await lab.make('ConfigMap', namespace, name, { data });
  await lab.make('Deployment', namespace, name, {
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { ...podSpec, affinity } } },
  });
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ];
  await lab.make('Service', namespace, name, { spec: { ...(clusterIP === undefined ? {} : { clusterIP }), selector: labels, ports } });
}

export const usualCorefile = `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`;
