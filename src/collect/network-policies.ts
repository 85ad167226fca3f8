import type { NetworkPolicies, NetworkPolicy } from '../domain/network.ts';
import { matches } from '../rules/label-selector.ts';
import type { CollectContext, Collector } from './collector.ts';
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
    const [policies, namespaces, foreign] = await Promise.all([
      Promise.all(names.map((name) => policiesIn(context, name))),
      readNamespaces(context, names),
      foreignPolicies(context),
    ]);
    const coredns = (given(context.have['coredns-pods'])?.items ?? []).map((pod) => corednsPolicyPod(pod, workload, namespaces));
    return {
      policies: policies.flat(),
      foreign,
      coredns,
      client: client === null ? null : clientPolicyPod(client, namespaces),
      sample: selectsAny(policies.flat(), coredns) ? await samplePods(context) : [],
    };
  },
};

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
