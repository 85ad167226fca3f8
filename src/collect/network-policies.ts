import type { NetworkPolicies, NetworkPolicy } from '../domain/network.ts';
import { matches } from '../rules/label-selector.ts';
import type { CollectContext, Collector } from './collector.ts';
import { outcome } from './bounded.ts';
import { foreignPolicies, foreignPolicyNeeds } from './foreign-policies.ts';
import { given } from './given.ts';
import { policyOf } from './policy-of.ts';
import { clientPolicyPod, corednsPolicyPod, readNamespaces, samplePods } from './policy-pods.ts';

const limit = 500;

/** The NetworkPolicies of CoreDNS' namespace and of the named pod's, and the pods to judge them for. */
export const networkPolicies: Collector<'network-policies'> = {
  id: 'network-policies',
  title: 'Reading NetworkPolicies',
  after: ['coredns-workload', 'coredns-pods', 'pod'],
  needs: [
    { group: 'networking.k8s.io', resource: 'networkpolicies', verb: 'list', scope: 'dns' },
    { group: 'networking.k8s.io', resource: 'networkpolicies', verb: 'list', scope: 'pod' },
    { group: '', resource: 'namespaces', verb: 'get', scope: 'cluster' },
    { group: '', resource: 'namespaces', verb: 'list', scope: 'cluster' },
    { group: '', resource: 'pods', verb: 'list', scope: 'cluster' },
    ...foreignPolicyNeeds,
  ],
  timeoutMs: 8000,
  async collect(context) {
    const client = given(context.have.pod);
    const workload = given(context.have['coredns-workload']);
    const names = [...new Set([dnsNamespace(context), ...(client === null ? [] : [client.namespace])])];
    const [lists, { labels: namespaces, failure }, foreign] = await Promise.all([
      Promise.all(names.map((name) => policiesIn(context, name))),
      readNamespaces(context, names),
      foreignPolicies(context),
    ]);
    const policies = lists.flat();
    if (failure !== null && policies.some(asksForLabels)) throw failure;
    const coredns = (given(context.have['coredns-pods'])?.items ?? []).map((pod) => corednsPolicyPod(pod, workload, namespaces));
    return {
      policies,
      foreign,
      coredns,
      client: client === null ? null : clientPolicyPod(client, namespaces),
      sample: selectsAny(policies, coredns) ? await clients(context, policies, client !== null) : [],
    };
  },
};

/** Other clients to judge policies for. Where they cannot be seen, the named pod must do; without one nothing can be judged. */
async function clients(context: CollectContext, policies: readonly NetworkPolicy[], pod: boolean): Promise<NetworkPolicies['sample']> {
  const found = await outcome(samplePods(context, policies.some(asksForLabels)));
  if ('value' in found) return found.value;
  if (pod) return [];
  throw found.failure;
}

/** Whether a policy asks for labels of namespaces that only the namespaces themselves tell. */
function asksForLabels({ ingress, egress }: NetworkPolicy): boolean {
  const peers = [...ingress.flatMap((rule) => rule.from ?? []), ...egress.flatMap((rule) => rule.to ?? [])];
  const keys = peers.flatMap(({ namespaceSelector: selector }) => [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  return keys.some((key) => key !== 'kubernetes.io/metadata.name');
}

function dnsNamespace({ have, settings }: CollectContext): string {
  return given(have['coredns-workload'])?.namespace ?? settings.dns.namespace;
}

async function policiesIn({ port, signal }: CollectContext, namespace: string): Promise<NetworkPolicy[]> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/networkpolicies`;
  const { items } = await port.list(path, { limit, signal });
  return items.map(policyOf).filter((policy) => policy !== null);
}

function selectsAny(policies: readonly NetworkPolicy[], pods: NetworkPolicies['coredns']): boolean {
  return policies.some((policy) => pods.some((pod) => pod.namespace === policy.namespace && matches(policy.podSelector, pod.labels)));
}
