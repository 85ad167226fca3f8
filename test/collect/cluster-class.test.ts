import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { Json } from '../../src/cluster/port.ts';
import { clusterClass } from '../../src/collect/cluster-class.ts';
import { nodes } from '../../src/collect/nodes.ts';
import type { ClusterClass } from '../../src/domain/nodes.ts';
import { changed, collected, failed, failure, ok, recorded } from './collected.ts';
import { type Answers, context, fakePort } from './fake-port.ts';

const daemonSets = '/apis/apps/v1/namespaces/kube-system/daemonsets';
const all = '/apis/apps/v1/daemonsets';
const kubeProxy = changed(daemonSets, () => {});

async function classOf(answers: Answers): Promise<ClusterClass> {
  const port = fakePort({ ...recorded, ...answers });
  return collected(clusterClass, context(port, { have: { nodes: ok('nodes', await nodes.collect(context(port))) } }));
}

function daemonSet(name: string, containers: Json[] = [], more: Json = {}): Json {
  return {
    metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': name } },
    spec: { template: { spec: { containers, ...more } } },
    status: { desiredNumberScheduled: 2, numberReady: 2 },
  };
}

function ofCompute(type: string, ready = 1): Json[] {
  return Array.from({ length: ready }, (_, index) => ({
    metadata: { name: `n${index}`, labels: { 'eks.amazonaws.com/compute-type': type } },
    status: { nodeInfo: { kubeletVersion: 'v1.34.1-eks-abc' } },
  }));
}

describe('cluster-class', () => {
  test('classes the recorded cluster', async () => {
    expect(await classOf({})).toEqual({
      version: 'v1.34.4',
      platform: 'eks',
      autoMode: 'none',
      fargate: 'none',
      kubeProxy: 'daemonset',
      kubeProxyReplacedBy: null,
      nodeLocalDns: null,
      policyEngine: null,
    });
  });

  test.each<[string, Json[], Partial<ClusterClass>]>([
    ['nothing', [], { kubeProxy: 'absent', kubeProxyReplacedBy: null, policyEngine: null }],
    ['Cilium alone', [daemonSet('cilium')], { kubeProxy: 'replaced', kubeProxyReplacedBy: 'cilium', policyEngine: 'cilium' }],
    ['Cilium beside kube-proxy', [daemonSet('cilium'), kubeProxy], { kubeProxy: 'daemonset', kubeProxyReplacedBy: null }],
    ['Calico without eBPF', [daemonSet('calico-node')], { kubeProxy: 'absent', policyEngine: 'calico' }],
    [
      'Calico with eBPF',
      [daemonSet('calico-node', [{ env: [{ name: 'FELIX_BPFENABLED', value: 'true' }] }])],
      { kubeProxy: 'replaced', kubeProxyReplacedBy: 'calico' },
    ],
    [
      'Calico with kube-proxy switched off',
      [daemonSet('calico-node'), { ...kubeProxy, status: { desiredNumberScheduled: 0 } }],
      { kubeProxy: 'replaced', kubeProxyReplacedBy: 'calico' },
    ],
    ['kube-proxy switched off, nothing else', [{ ...kubeProxy, status: {} }], { kubeProxy: 'daemonset' }],
    ['Antrea', [daemonSet('antrea-agent')], { kubeProxyReplacedBy: 'antrea', policyEngine: 'antrea' }],
    ['kube-router', [daemonSet('kube-router')], { kubeProxyReplacedBy: 'kube-router', policyEngine: 'kube-router' }],
    ['kube-router for routes only', [daemonSet('kube-router', [{ args: ['--run-service-proxy=false'] }])], { kubeProxy: 'absent' }],
    ['Dataplane V2', [daemonSet('anetd')], { kubeProxyReplacedBy: 'gke-dataplane-v2', policyEngine: 'cilium' }],
    [
      'the policy agent of the VPC CNI',
      [kubeProxy, daemonSet('aws-node', [{ name: 'aws-eks-nodeagent', args: ['--enable-network-policy=true'] }])],
      { policyEngine: 'vpc-cni' },
    ],
    [
      'that agent with policies off',
      [kubeProxy, daemonSet('aws-node', [{ name: 'aws-eks-nodeagent', args: ['--enable-network-policy=false'] }])],
      { policyEngine: null },
    ],
  ])('tells the network of a cluster with %s', async (_, items, expected) => {
    expect(await classOf({ [daemonSets]: items })).toMatchObject(expected);
  });

  test('believes the configuration of Cilium where it may be read', async () => {
    const config = (value: string): Answers => ({
      [daemonSets]: [daemonSet('cilium')],
      '/api/v1/namespaces/kube-system/configmaps/cilium-config': { data: { 'kube-proxy-replacement': value } },
    });
    expect((await classOf(config('false'))).kubeProxy).toBe('absent');
    expect((await classOf(config('true'))).kubeProxy).toBe('replaced');
  });

  test('finds parts in other namespaces, and does without where it may not look', async () => {
    const cilium = daemonSet('cilium');
    cilium['metadata'].namespace = 'cilium';
    expect((await classOf({ [daemonSets]: [], [all]: [cilium] })).kubeProxyReplacedBy).toBe('cilium');
    expect((await classOf({ [daemonSets]: [], [all]: new Failure('forbidden', 'no') })).kubeProxy).toBe('absent');
  });

  test.each([
    [
      ['-localip', '169.254.20.10,10.100.0.10', '-conf', '/etc/Corefile'],
      ['169.254.20.10', '10.100.0.10'],
    ],
    [['-localip=$(LOCAL_IP)'], ['169.254.25.10']],
    [[], ['169.254.25.10']],
  ])('reads the addresses of NodeLocal DNSCache from %j', async (args, ips) => {
    const local = daemonSet('node-local-dns', [{ name: 'node-cache', args, env: [{ name: 'LOCAL_IP', value: '169.254.25.10' }] }]);
    const { nodeLocalDns } = await classOf({ [daemonSets]: [kubeProxy, local] });
    expect(nodeLocalDns).toEqual({ namespace: 'kube-system', name: 'node-local-dns', desired: 2, ready: 2, ips });
  });

  test('reads them from its Corefile where nothing else tells', async () => {
    const local = daemonSet('node-local-dns', [{}], {
      volumes: [{ configMap: { name: 'kube-dns' } }, { configMap: { name: 'node-local-dns' } }],
    });
    const data = { Corefile: 'cluster.local:53 {\n  bind 169.254.20.10 10.100.0.10\n}\n.:53 {\n  bind 169.254.20.10\n}\n' };
    const path = '/api/v1/namespaces/kube-system/configmaps/node-local-dns';
    expect((await classOf({ [daemonSets]: [local], [path]: { data } })).nodeLocalDns?.ips).toEqual(['169.254.20.10', '10.100.0.10']);
    expect((await classOf({ [daemonSets]: [local] })).nodeLocalDns?.ips).toEqual([]);
  });

  test('nodes of Auto Mode and Fargate have kube-proxy inside', async () => {
    const auto = await classOf({ '/api/v1/nodes': ofCompute('auto', 2), [daemonSets]: [] });
    expect(auto).toMatchObject({
      autoMode: 'all',
      fargate: 'none',
      kubeProxy: 'replaced',
      kubeProxyReplacedBy: 'eks-auto-mode',
      platform: 'eks',
    });
    const mixed = await classOf({ '/api/v1/nodes': [...ofCompute('fargate'), ...(recorded['/api/v1/nodes'] ?? [])], [daemonSets]: [] });
    expect(mixed).toMatchObject({ fargate: 'some', kubeProxy: 'absent' });
  });

  test('asks whether the nodes that were not read are like the others', async () => {
    const many = ofCompute('auto', 150);
    expect((await classOf({ '/api/v1/nodes': many })).autoMode).toBe('all');
    const last = { metadata: { name: 'z', labels: {} } };
    expect((await classOf({ '/api/v1/nodes': [...many, last] })).autoMode).toBe('some');
    const plain = Array.from({ length: 120 }, (_, index) => ({ metadata: { name: `p${index}`, labels: {} } }));
    expect((await classOf({ '/api/v1/nodes': [...plain, ...ofCompute('fargate')] })).fargate).toBe('some');
  });

  test.each<[string, Json, string]>([
    ['v1.31.0+k3s1', {}, 'k3s'],
    ['v1.31.0+rke2r1', {}, 'rke2'],
    ['v1.31.0-gke.1000', {}, 'gke'],
    ['v1.31.0', { labels: { 'kubernetes.azure.com/cluster': 'x' } }, 'aks'],
    ['v1.31.0', { labels: { 'node.openshift.io/os_id': 'rhcos' } }, 'openshift'],
    ['v1.31.0', { annotations: { 'kubeadm.alpha.kubernetes.io/cri-socket': 'x' } }, 'kubeadm'],
    ['v1.31.0', {}, 'unknown'],
  ])('tells by %s %j whose Kubernetes it is', async (gitVersion, metadata, platform) => {
    const node = { metadata: { name: 'n', ...metadata } };
    const found = await classOf({ '/version': { gitVersion }, '/api/v1/nodes': [node], [daemonSets]: [] });
    expect([found.platform, found.version]).toEqual([platform, gitVersion]);
    expect(found.kubeProxy).toBe(['k3s', 'rke2', 'gke', 'openshift'].includes(platform) ? 'replaced' : 'absent');
  });

  test('does not guess where nodes or DaemonSets may not be read', async () => {
    const none = { nodes: failure<never>('nodes', 'forbidden', 'may not list nodes') };
    expect(await failed(clusterClass, context(fakePort(recorded), { have: none }))).toMatchObject({ reason: 'forbidden' });
    await expect(classOf({ [daemonSets]: new Failure('forbidden', 'no') })).rejects.toBeInstanceOf(Failure);
  });
});
