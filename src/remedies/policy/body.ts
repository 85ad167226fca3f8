import type { LabelSelector } from '../../domain/coredns.ts';
import type { NetworkPolicy, PolicyPod } from '../../domain/network.ts';
import { applicationSelector } from '../../rules/missing-rule.ts';

const DNS_PORT = 53;

/** The port that a CoreDNS pod serves DNS on, after the Service's DNAT. */
export const servedPort = (pod: PolicyPod): number => pod.ports.find(({ name }) => name === 'dns')?.port ?? DNS_PORT;

/** Port 53, for engines that judge before the Service's address is translated, and what CoreDNS listens on, over UDP and TCP. */
export const ports = (served: readonly number[]): { protocol: string; port: number }[] =>
  [...new Set([DNS_PORT, ...served])].flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ protocol, port })));

const parts = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): number =>
  Object.keys(matchLabels).length + matchExpressions.length;

/** The selector of the widest of these policies: pods that none of them picks are not closed, and must not become so. */
export const widest = (selecting: readonly NetworkPolicy[]): LabelSelector =>
  selecting.map(({ podSelector }) => podSelector).toSorted((one, other) => parts(one) - parts(other))[0] ?? {};

/** What a policy opens: to or from whom, at which ports. */
export interface Opens {
  server: PolicyPod;
  /** Of the DNS Service and of caches on nodes. */
  addresses: readonly string[];
  ports: { protocol: string; port: number }[];
}

const block = (ip: string) => ({ ipBlock: { cidr: `${ip}/${ip.includes(':') ? 128 : 32}` } });

/** The spec of such a policy. */
export interface PolicySpec {
  podSelector: LabelSelector;
  policyTypes: ('Egress' | 'Ingress')[];
  ingress?: NetworkPolicy['ingress'];
  egress?: NetworkPolicy['egress'];
}

/** The spec of a policy that opens the way to CoreDNS for the pods that a selector picks (Egress), or into those pods for everybody (Ingress). */
export function policyBody(
  type: 'Egress' | 'Ingress',
  podSelector: LabelSelector,
  { server, addresses, ports: opened }: Opens,
): PolicySpec {
  if (type === 'Ingress') return { podSelector, policyTypes: [type], ingress: [{ ports: opened }] };
  // the API server gives every namespace this label (since 1.21)
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': server.namespace } };
  const own = server.hostNetwork ? server.ips.map(block) : [{ namespaceSelector, podSelector: applicationSelector(server.labels) }];
  return { podSelector, policyTypes: [type], egress: [{ to: [...own, ...addresses.map(block)], ports: opened }] };
}
