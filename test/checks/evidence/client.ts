import type { NamedPod, ResolvConf } from '../../../src/domain/pod.ts';
import { clusterIP, homes } from './base.ts';

export const resolvConf = (over: Partial<ResolvConf> = {}): ResolvConf => ({
  nameservers: [clusterIP],
  search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'eu-west-1.compute.internal'],
  ndots: 5,
  options: [],
  unknown: [],
  ...over,
});

/** The pod of the complaint, shop/cart-1 on node-a, healthy. */
export const namedPod = (over: Partial<NamedPod> = {}): NamedPod => ({
  namespace: 'shop',
  name: 'cart-1',
  owner: 'Deployment/cart',
  node: homes[0],
  nodeReady: true,
  phase: 'Running',
  notRunning: null,
  ips: ['10.0.1.50'],
  labels: { app: 'cart' },
  dnsPolicy: 'ClusterFirst',
  hostNetwork: false,
  os: 'linux',
  dnsConfig: null,
  execContainer: 'cart',
  containers: [{ name: 'cart', image: 'example/cart:1', running: true }],
  resolvConf: resolvConf(),
  resolvConfHow: 'exec',
  computed: resolvConf(),
  notes: [],
  tools: ['dig'],
  libc: 'glibc',
  events: [],
  ...over,
});
