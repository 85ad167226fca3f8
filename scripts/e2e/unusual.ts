import { run, type TestCluster } from './cluster.ts';

/** A cluster that is healthy though it is not laid out as usual. `make` returns once it is so; `undo` takes it back. */
export interface Unusual {
  name: string;
  /** A pod to check from, when one belongs to it. */
  pod?: string;
  make(cluster: TestCluster): Promise<void>;
  undo(cluster: TestCluster): Promise<void>;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function must(cluster: TestCluster, ...args: string[]): Promise<string> {
  const done = await cluster.kubectl(...args);
  if (done.status !== 0) throw new Error(`kubectl ${args.slice(0, 4).join(' ')}: ${done.stderr.slice(0, 300)}`);
  return done.stdout;
}

/** Writes a Corefile and waits until every CoreDNS has loaded it (the annotation makes kubelets bring it at once). */
async function corefile(cluster: TestCluster, change: (text: string) => string): Promise<void> {
  const text = await must(cluster, '-n', 'kube-system', 'get', 'configmap', 'coredns', '-o', 'jsonpath={.data.Corefile}');
  await must(
    cluster,
    '-n',
    'kube-system',
    'patch',
    'configmap',
    'coredns',
    '--type',
    'merge',
    '-p',
    JSON.stringify({ data: { Corefile: change(text) } }),
  );
  await must(cluster, '-n', 'kube-system', 'delete', 'pods', '-l', 'k8s-app=kube-dns', '--grace-period=1');
  await must(cluster, '-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=60s');
  await sleep(2_000);
}

const undoAll = async (cluster: TestCluster): Promise<void> => void (await cluster.fault?.('off'));

const daemonSet = (name: string, labels: Record<string, string>, spec: object) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: 'kube-system', labels },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { hostNetwork: true, terminationGracePeriodSeconds: 1, ...spec } },
  },
});

const nodeLocalIp = '169.254.20.10';
const onNodes = (command: string) => run('sh', ['-c', `for i in 1 2; do ../shared/cluster/cluster node $i sh -c '${command}'; done`]);

/** The unusual clusters that must not raise an alarm. */
export const unusualClusters: readonly Unusual[] = [
  {
    name: 'CoreDNS scaled to three',
    make: async (cluster) => {
      await must(cluster, '-n', 'kube-system', 'scale', 'deployment', 'coredns', '--replicas=3');
      await must(cluster, '-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=60s');
    },
    undo: undoAll,
  },
  {
    name: 'a stub zone of its own',
    make: (cluster) => corefile(cluster, (text) => `${text}\ncorp.example:53 {\n    errors\n    cache 30\n    forward . 172.30.0.2\n}\n`),
    undo: undoAll,
  },
  {
    name: 'a second cluster domain in an extra block',
    make: (cluster) =>
      corefile(cluster, (text) => `${text}\ncluster.example:53 {\n    errors\n    kubernetes cluster.example\n    cache 30\n}\n`),
    undo: undoAll,
  },
  {
    name: 'kube-proxy replaced by Cilium',
    make: async (cluster) => {
      const sleeper = {
        containers: [
          { name: 'cilium-agent', image: 'docker.io/library/busybox:1.35', imagePullPolicy: 'IfNotPresent', command: ['sleep', '1000000'] },
        ],
      };
      await cluster.apply(daemonSet('cilium', { 'k8s-app': 'cilium' }, sleeper));
      await must(cluster, '-n', 'kube-system', 'delete', 'daemonset', 'kube-proxy', '--grace-period=1');
      await must(cluster, '-n', 'kube-system', 'rollout', 'status', 'daemonset/cilium', '--timeout=60s');
    },
    undo: async (cluster) => {
      await cluster.kubectl('-n', 'kube-system', 'delete', 'daemonset', 'cilium', '--ignore-not-found', '--grace-period=1');
      await undoAll(cluster);
    },
  },
  {
    name: 'a pod behind NodeLocal DNSCache',
    pod: 'shop/localdns',
    make: async (cluster) => {
      await onNodes(`ip addr add ${nodeLocalIp}/32 dev lo`);
      const text = `.:53 {\n    bind ${nodeLocalIp}\n    errors\n    cache 30\n    forward . 10.100.0.10\n}\n`;
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'node-local-dns', namespace: 'kube-system' },
        data: { Corefile: text },
      });
      const image = (
        await must(cluster, '-n', 'kube-system', 'get', 'deployment', 'coredns', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')
      ).trim();
      const container = {
        name: 'node-cache',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['/coredns'],
        args: ['-conf', '/etc/coredns/Corefile'],
        volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }],
      };
      await cluster.apply(
        daemonSet(
          'node-local-dns',
          { 'k8s-app': 'node-local-dns' },
          { dnsPolicy: 'Default', containers: [container], volumes: [{ name: 'config', configMap: { name: 'node-local-dns' } }] },
        ),
      );
      await must(cluster, '-n', 'kube-system', 'rollout', 'status', 'daemonset/node-local-dns', '--timeout=60s');
      const dnsConfig = {
        nameservers: [nodeLocalIp],
        searches: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
        options: [{ name: 'ndots', value: '5' }],
      };
      const app = { name: 'app', image: 'docker.io/library/busybox:1.35', imagePullPolicy: 'IfNotPresent', command: ['sleep', '1000000'] };
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'localdns', namespace: 'shop' },
        spec: { dnsPolicy: 'None', dnsConfig, terminationGracePeriodSeconds: 1, containers: [app] },
      });
      await must(cluster, '-n', 'shop', 'wait', '--for=condition=Ready', 'pod/localdns', '--timeout=60s');
    },
    undo: async (cluster) => {
      await cluster.kubectl('-n', 'shop', 'delete', 'pod', 'localdns', '--ignore-not-found', '--grace-period=1');
      await cluster.kubectl(
        '-n',
        'kube-system',
        'delete',
        'daemonset/node-local-dns',
        'configmap/node-local-dns',
        '--ignore-not-found',
        '--grace-period=1',
      );
      await onNodes(`ip addr del ${nodeLocalIp}/32 dev lo`);
      await undoAll(cluster);
    },
  },
];

/** Creates and deletes pods in a namespace until stopped, as a busy cluster does. */
export function churn(cluster: TestCluster, namespace: string): { stop: () => Promise<void> } {
  const ended = new AbortController();
  const work = (async () => {
    for (let index = 0; !ended.signal.aborted; index++) {
      const name = `churn-${index}`;
      await cluster.kubectl(
        '-n',
        namespace,
        'run',
        name,
        '--image=docker.io/library/busybox:1.35',
        '--image-pull-policy=IfNotPresent',
        '--restart=Never',
        '--',
        'sleep',
        '1000',
      );
      await sleep(1_000);
      await cluster.kubectl('-n', namespace, 'delete', 'pod', name, '--grace-period=0', '--force');
    }
  })();
  return {
    stop: async () => {
      ended.abort();
      await work;
    },
  };
}
