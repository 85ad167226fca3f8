import { type DaemonSets, containersOf, daemonSetOf, wordsOf } from './daemon-sets.ts';
import { str } from './pick.ts';

/** DaemonSets that enforce NetworkPolicies, those first that take over where several are installed. */
const engines: readonly (readonly [string, string])[] = [
  ['cilium', 'cilium'],
  ['anetd', 'cilium'],
  ['calico-node', 'calico'],
  ['canal', 'calico'],
  ['antrea-agent', 'antrea'],
  ['kube-router', 'kube-router'],
  ['weave-net', 'weave'],
  ['azure-npm', 'azure-npm'],
  ['kube-network-policies', 'kube-network-policies'],
];

/** What enforces NetworkPolicies, null when nothing known does. */
export function policyEngine(all: DaemonSets, platform: string): string | null {
  const found = engines.find(([name]) => daemonSetOf(all, name) !== null);
  if (found !== undefined) return found[1];
  const aws = daemonSetOf(all, 'aws-node');
  if (aws !== null && containersOf(aws).some(enforces)) return 'vpc-cni';
  if (platform === 'k3s') return 'k3s';
  return platform === 'openshift' ? 'ovn-kubernetes' : null;
}

/** The VPC CNI has the container of its policy agent also where policies are switched off: then its arguments say so. */
function enforces(container: unknown): boolean {
  const isAgent = ['aws-eks-nodeagent', 'aws-network-policy-agent'].includes(str(container, 'name') ?? '');
  return isAgent && !wordsOf(container).includes('--enable-network-policy=false');
}
