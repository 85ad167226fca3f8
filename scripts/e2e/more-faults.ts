import { dirname } from 'node:path';
import { run, type TestCluster } from './cluster.ts';
import type { Expectation } from './compare.ts';

/** A fault of our own, beside those of the cluster's scripts. `on` returns when it is in effect; what `off` of the cluster does not mend, `undo` does. */
export interface MoreFault {
  on(lab: Lab): Promise<void>;
  undo?(lab: Lab): Promise<void>;
  expected: Expectation;
  args?: readonly string[];
}

/** Node 2's kubelet is the first process of its namespaces: only a signal from outside stops it. */
const signalKubelet = async (lab: Lab, name: string): Promise<void> =>
  void (await run('sh', ['-c', `kill -${name} $(pgrep -P $(cat ${lab.state}/pid/node2))`]));

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const expects = (cause: string | string[], status: string[], some: Partial<Expectation> = {}): Expectation => ({
  cause: [cause].flat(),
  status,
  never: [],
  ...some,
});

/** The cluster with a few more hands. */
export class Lab {
  readonly cluster: TestCluster;
  /** Where the cluster keeps its state: beside its kubeconfig. */
  get state(): string {
    return dirname(this.cluster.kubeconfig);
  }
  constructor(cluster: TestCluster) {
    this.cluster = cluster;
  }
  async kubectl(...args: string[]): Promise<string> {
    const done = await this.cluster.kubectl(...args);
    if (done.status !== 0) throw new Error(`kubectl ${args.slice(0, 5).join(' ')}: ${done.stderr.slice(0, 300)}`);
    return done.stdout;
  }
  system(...args: string[]): Promise<string> {
    return this.kubectl('-n', 'kube-system', ...args);
  }
  patch(kind: string, name: string, patch: unknown, type = 'merge'): Promise<string> {
    return this.system('patch', kind, name, '--type', type, '-p', JSON.stringify(patch));
  }
  /** Runs a shell command on node 1 or 2. */
  async node(index: 1 | 2, command: string): Promise<string> {
    const done = await run('../shared/cluster/cluster', ['node', String(index), 'sh', '-c', command], { timeoutMs: 30_000 });
    if (done.status !== 0) throw new Error(`node ${index}: ${command}: ${done.stderr.slice(0, 300)}`);
    return done.stdout;
  }
  /** Changes the Corefile; `restart`: new pods take it, else the running ones reload it. */
  async corefile(change: (text: string) => string, { restart = false, wait = 6_000 } = {}): Promise<void> {
    const text = await this.system('get', 'configmap', 'coredns', '-o', 'jsonpath={.data.Corefile}');
    await this.patch('configmap', 'coredns', { data: { Corefile: change(text) } });
    if (restart) {
      await this.system('delete', 'pods', '-l', 'k8s-app=kube-dns', '--grace-period=1');
    } else {
      await this.system('annotate', 'pods', '-l', 'k8s-app=kube-dns', '--overwrite', `resync=${Date.now()}`);
      wait += 40_000;
    }
    await sleep(wait);
  }
  async apply(manifest: object): Promise<void> {
    const done = await this.cluster.apply(manifest);
    if (done.status !== 0) throw new Error(`kubectl apply: ${done.stderr.slice(0, 300)}`);
  }
}

const forward = /forward \. .*/;

/** The faults, by name. */
export const moreFaults: Readonly<Record<string, MoreFault>> = {
  'service-with-another-address': {
    on: async (lab) => {
      const service = JSON.parse(await lab.system('get', 'service', 'kube-dns', '-o', 'json')) as {
        spec: Record<string, unknown>;
        metadata: Record<string, unknown>;
      };
      await lab.system('delete', 'service', 'kube-dns');
      const { selector, ports } = service.spec;
      await lab.apply({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'kube-dns', namespace: 'kube-system', labels: service.metadata['labels'] },
        spec: { clusterIP: '10.100.0.77', selector, ports },
      });
      await sleep(3_000);
    },
    undo: async (lab) => void (await lab.cluster.kubectl('-n', 'kube-system', 'delete', 'service', 'kube-dns')),
    expected: expects('kubedns-clusterip-mismatch', ['broken']),
  },
  'image-that-is-not-there': {
    on: async (lab) => {
      await lab.system('scale', 'deployment', 'coredns', '--replicas=0');
      await lab.system('set', 'image', 'deployment/coredns', 'coredns=docker.io/lab/coredns:v9');
      await lab.system('scale', 'deployment', 'coredns', '--replicas=2');
      await sleep(12_000);
    },
    expected: expects('coredns-image-pull-failure', ['broken']),
  },
  'deployment-deleted': {
    on: async (lab) => {
      await lab.system('delete', 'deployment', 'coredns');
      await sleep(8_000);
    },
    expected: expects('coredns-no-pods', ['broken']),
  },
  'configmap-deleted': {
    on: async (lab) => {
      await lab.system('delete', 'configmap', 'coredns');
      await lab.system('delete', 'pods', '-l', 'k8s-app=kube-dns', '--grace-period=1');
      await sleep(8_000);
    },
    expected: expects('corefile-missing', ['broken']),
  },
  'readiness-asks-the-wrong-path': {
    on: async (lab) => {
      await lab.system('scale', 'deployment', 'coredns', '--replicas=0');
      await lab.patch(
        'deployment',
        'coredns',
        [
          { op: 'replace', path: '/spec/template/spec/containers/0/readinessProbe/httpGet/path', value: '/nope' },
          { op: 'replace', path: '/spec/replicas', value: 2 },
        ],
        'json',
      );
      await sleep(15_000);
    },
    expected: expects('coredns-not-ready', ['broken']),
  },
  'binding-deleted': {
    on: async (lab) => {
      await lab.kubectl('delete', 'clusterrolebinding', 'system:coredns');
      await lab.system('delete', 'pods', '-l', 'k8s-app=kube-dns', '--grace-period=1');
      await sleep(15_000);
    },
    expected: expects('coredns-rbac-missing', ['broken']),
  },
  'corefile-listens-elsewhere': {
    on: (lab) => lab.corefile((text) => text.replace('.:53', '.:5353'), { restart: true, wait: 10_000 }),
    expected: expects('kubedns-targetport-wrong', ['broken']),
  },
  'only-some-namespaces': {
    on: (lab) =>
      lab.corefile((text) => text.replace('pods insecure', 'pods insecure\n      namespaces kube-system'), { restart: true, wait: 10_000 }),
    expected: expects('coredns-internal-name-error', ['broken']),
  },
  'stub-zone-to-nowhere': {
    on: (lab) =>
      lab.corefile((text) => `${text}\namazon.com:53 {\n    errors\n    forward . 192.0.2.1\n}\n`, { restart: true, wait: 10_000 }),
    expected: expects('corefile-stub-zone-shadow', ['broken', 'degraded']),
  },
  'template-answers-for-the-world': {
    on: (lab) =>
      lab.corefile(
        (text) =>
          text.replace(
            '    errors\n',
            '    errors\n    template IN A amazon.com {\n        answer "{{ .Name }} 60 IN A 10.8.8.8"\n    }\n',
          ),
        { restart: true, wait: 10_000 },
      ),
    expected: expects('corefile-hosts-or-rewrite-override', ['degraded', 'broken']),
  },
  'forward-refuses-all': {
    on: (lab) => lab.corefile((text) => text.replace(forward, 'forward . 172.30.0.1:5398'), { restart: true, wait: 10_000 }),
    expected: expects('corefile-forward-unreachable', ['broken']),
  },
  'no-reload-plugin': {
    on: async (lab) => {
      await lab.corefile((text) => text.replace(/^ *reload\n/m, ''), { restart: true, wait: 12_000 });
      await lab.corefile((text) => text.replace('cache 30', 'cache 20'), { wait: 0 });
    },
    expected: expects('corefile-reload-plugin-absent', ['degraded']),
  },
  'rules-flushed-and-kube-proxy-hangs': {
    on: async (lab) => {
      await lab.node(2, 'pkill -STOP -x kube-proxy; iptables -t nat -F KUBE-SERVICES');
      await sleep(1_000);
    },
    undo: async (lab) => void (await lab.node(2, 'pkill -CONT -x kube-proxy')),
    expected: expects('kubeproxy-rules-missing', ['broken', 'degraded']),
  },
  'one-node-is-gone': {
    on: async (lab) => {
      await signalKubelet(lab, 'STOP');
      await sleep(50_000);
    },
    undo: (lab) => signalKubelet(lab, 'CONT'),
    expected: expects('node-notready', ['broken', 'degraded']),
  },
  'tcp-of-one-pod-dropped': {
    on: async (lab) => {
      const ip = (await lab.system('get', 'pods', '-l', 'k8s-app=kube-dns', '-o', 'jsonpath={.items[0].status.podIP}')).trim();
      for (const node of [1, 2] as const)
        await lab.node(node, `iptables -t mangle -I POSTROUTING -d ${ip} -p tcp --dport 53 -m comment --comment dnslab-fault -j DROP`);
    },
    expected: expects(['coredns-endpoint-unanswering', 'tcp53-blocked'], ['broken', 'degraded']),
  },
  'a-tenth-of-the-packets-lost': {
    on: async (lab) => {
      for (const node of [1, 2] as const)
        await lab.node(
          node,
          `iptables -t mangle -I POSTROUTING -d 10.244.${node}.0/24 -p udp --dport 53 -m statistic --mode random --probability 0.2 -m comment --comment dnslab-fault -j DROP`,
        );
    },
    expected: expects('dns-packet-loss', ['degraded', 'broken']),
  },
  'upstream-is-slow': {
    on: async (lab) => {
      const corefile = `. {\n    bind 172.30.0.2\n    erratic {\n        drop 0\n        delay 1 900ms\n    }\n}\n`;
      await run('sh', ['-c', `printf %s "$0" >${lab.state}/upstream.Corefile; kill -USR1 $(cat ${lab.state}/pid/upstream)`, corefile]);
      await sleep(35_000);
    },
    expected: expects('upstream-slow', ['degraded', 'broken']),
  },
  'egress-policy-opens-only-tcp': {
    on: async (lab) => {
      const spec = {
        podSelector: { matchLabels: { app: 'cart' } },
        policyTypes: ['Egress'],
        egress: [{ ports: [{ protocol: 'TCP', port: 53 }] }],
      };
      await lab.apply({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'default-deny-egress', namespace: 'shop' },
        spec,
      });
      const ips = (await lab.kubectl('-n', 'shop', 'get', 'pods', '-l', 'app=cart', '-o', 'jsonpath={.items[*].status.podIP}'))
        .trim()
        .split(' ');
      for (const ip of ips)
        for (const node of [1, 2] as const)
          await lab.node(node, `iptables -t mangle -I PREROUTING -s ${ip} -p udp --dport 53 -m comment --comment dnslab-fault -j DROP`);
    },
    args: ['--pod', 'shop/cart'],
    expected: expects('netpol-egress-denies-dns', ['broken']),
  },
  'a-name-that-is-not-there': {
    on: async () => {},
    args: ['--pod', 'shop/cart', '--name', 'serch.shop.svc.cluster.local'],
    expected: expects('app-name-error', ['degraded', 'broken']),
  },
  'two-faults-at-once': {
    on: async (lab) => {
      await lab.corefile(
        (text) => text.replace('    prometheus', '    hosts {\n        10.9.9.9 amazon.com\n        fallthrough\n    }\n    prometheus'),
        { restart: true, wait: 12_000 },
      );
      await lab.patch('service', 'kube-dns', [{ op: 'remove', path: '/spec/ports/1' }], 'json');
    },
    expected: expects(['kubedns-port-protocol-missing', 'corefile-hosts-or-rewrite-override'], ['degraded']),
  },
  'cpu-limit-far-too-low': {
    on: async (lab) => {
      await lab.patch(
        'deployment',
        'coredns',
        [
          { op: 'add', path: '/spec/template/spec/containers/0/resources/limits/cpu', value: '5m' },
          { op: 'replace', path: '/spec/template/spec/containers/0/resources/requests/cpu', value: '5m' },
        ],
        'json',
      );
      await sleep(60_000);
    },
    expected: expects('coredns-cpu-throttled', ['degraded', 'broken']),
  },
  'chatty-deployment': {
    on: async (lab) => {
      await lab.cluster.fault?.('on', 'ndots-amplification');
      await lab.kubectl('-n', 'shop', 'delete', 'pod', 'chatty', '--grace-period=1');
      const ask = 'while :; do getent ahostsv4 s3.eu-west-1.amazonaws.com; getent ahostsv4 amazon.com; sleep 0.09; done >/dev/null';
      const container = { name: 'ask', image: 'docker.io/lab/glibc:1', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', ask] };
      const labels = { app: 'chatterbox' };
      await lab.apply({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'chatterbox', namespace: 'shop' },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } },
        },
      });
      await lab.kubectl('-n', 'shop', 'rollout', 'status', 'deployment/chatterbox', '--timeout=60s');
      await sleep(20_000);
    },
    undo: async (lab) => void (await lab.kubectl('-n', 'shop', 'delete', 'deployment', 'chatterbox', '--now')),
    args: ['--pod', 'shop/chatterbox'],
    expected: expects('ndots-amplification', ['degraded']),
  },
  'no-health-plugin': {
    on: (lab) => lab.corefile((text) => text.replace(/ +health \{\n.*\n +\}\n/, ''), { restart: true, wait: 135_000 }),
    expected: expects('coredns-liveness-restarts', ['degraded', 'broken']),
  },
  'api-blocked-before-the-start': {
    on: async (lab) => {
      for (const node of [1, 2] as const)
        await lab.node(
          node,
          `iptables -t mangle -I PREROUTING -s 10.244.${node}.0/24 -d 10.100.0.1 -m comment --comment dnslab-fault -j DROP`,
        );
      await lab.system('delete', 'pods', '-l', 'k8s-app=kube-dns', '--grace-period=1');
      await sleep(20_000);
    },
    expected: expects('coredns-not-ready-kubernetes-unsynced', ['broken']),
  },
  'api-lost-later': {
    on: async (lab) => {
      for (const node of [1, 2] as const) {
        await lab.node(
          node,
          `iptables -t mangle -I PREROUTING -s 10.244.${node}.0/24 -d 172.30.0.1 -p tcp --dport 6443 -m comment --comment dnslab-fault -j REJECT || iptables -t mangle -I PREROUTING -s 10.244.${node}.0/24 -d 10.100.0.1 -m comment --comment dnslab-fault -j DROP`,
        );
        await lab.node(node, 'conntrack -D -p tcp --dport 443 || true');
      }
      await sleep(240_000);
    },
    expected: expects('coredns-stale-api-watch', ['degraded']),
  },
};
