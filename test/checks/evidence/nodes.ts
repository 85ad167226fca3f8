import type { ClusterClass, Node, Nodes } from '../../../src/domain/nodes.ts';
import { homes } from './base.ts';

export const node = (over: Partial<Node> = {}): Node => ({
  name: homes[0],
  ready: true,
  notReadyMessage: null,
  unschedulable: false,
  internalIP: '10.0.1.10',
  zone: 'eu-west-1a',
  os: 'linux',
  arch: 'amd64',
  kubeletVersion: 'v1.34.4',
  kind: 'ordinary',
  taints: [],
  ...over,
});

const secondNode = (): Node => node({ name: homes[1], internalIP: '10.0.2.10', zone: 'eu-west-1b' });

export const nodes = (items: Node[] = [node(), secondNode()], over: Partial<Nodes> = {}): Nodes => ({
  total: items.length,
  complete: true,
  items,
  ...over,
});

export const clusterClass = (over: Partial<ClusterClass> = {}): ClusterClass => ({
  version: 'v1.34.4',
  platform: 'eks',
  autoMode: 'none',
  fargate: 'none',
  kubeProxy: 'daemonset',
  kubeProxyReplacedBy: null,
  nodeLocalDns: null,
  policyEngine: null,
  ...over,
});
