import type { Proof } from '../domain/finding.ts';
import type { Rbac } from '../domain/network.ts';
import { at, defineCheck, finding, found, notApplicable } from './check.ts';
import {
  crashingProxies,
  cutOffProof,
  cutOffSeverity,
  isExpected,
  proxyArgs,
  withoutKubeProxy,
  whenRulesAreStale,
} from './kube-proxy-view.ts';
import { proxyRefusals, reasonOf, troubledNodes, troubleProof } from './proxy-log-view.ts';

/** What RBAC says of kube-proxy's own rights, where they are missing. */
function rbacProof(rbac: Rbac | undefined): Proof[] {
  const index = (rbac?.subjects ?? []).findIndex((one) => one.component === 'kube-proxy' && one.missing.length > 0);
  return index < 0 ? [] : [at('rbac', `/subjects/${index}`)];
}

/** All that it may not read, where RBAC was asked; the log's newest line names but one. */
function lacking(rbac: Rbac | undefined): string[] | null {
  const missing = rbac?.subjects.find((one) => one.component === 'kube-proxy')?.missing ?? [];
  return missing.length === 0 ? null : [...new Set(missing.map(({ resource }) => resource))];
}

export default defineCheck({
  id: 'kubeproxy-forbidden',
  title: 'The API server lets kube-proxy read Services and endpoints',
  why: 'kube-proxy makes its rules from Services and EndpointSlices. Refused, it keeps the old rules, which send to pods that are gone once CoreDNS is restarted.',
  docs: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#core-component-roles',
  wording: {
    forbidden: {
      found: 'The API server refuses kube-proxy on {nodes}: {user} may not {verb} {resource}',
      next: [
        'See its bindings (EKS: eks:kube-proxy, to ClusterRole system:node-proxier): kubectl get clusterrolebindings -o wide | grep kube-proxy',
        'Bind it again: kubectl create clusterrolebinding eks:kube-proxy --clusterrole=system:node-proxier --serviceaccount={namespace}:{serviceAccount}',
        'It goes on by itself within a minute; else: kubectl -n {namespace} rollout restart daemonset {daemonSet}',
      ],
    },
    unauthorized: {
      found: 'The API server does not accept the credentials of kube-proxy on {nodes}: {reason}',
      next: [
        'See whether its service account is there: kubectl -n {namespace} get serviceaccount {serviceAccount}',
        'Start it anew, with a new token: kubectl -n {namespace} rollout restart daemonset {daemonSet}',
        'Check the clocks of these nodes, when it is refused again',
      ],
    },
  },
  explains: [...whenRulesAreStale, 'kubeproxy-crashloop'],
  requires: ['kube-proxy-logs'],
  uses: ['kube-proxy', 'rbac', 'cluster-class', 'nodes', 'lookups'],
  judge({ 'kube-proxy-logs': logs, 'kube-proxy': proxy, rbac, 'cluster-class': cluster, nodes, lookups }, { now }) {
    if (!isExpected(cluster)) return notApplicable(withoutKubeProxy);
    const crashing = proxy === undefined ? [] : crashingProxies(proxy, nodes, now).map(({ pod }) => pod.name);
    const refusals = proxyRefusals(logs, rbac, crashing);
    const [first] = refusals;
    if (first === undefined) return found([]);
    const on = troubledNodes(refusals);
    const { user, verb, resource } = first.entry.fields;
    const named = {
      user: user ?? 'its user',
      verb: verb ?? 'read',
      resource: lacking(rbac) ?? resource ?? 'what it needs',
      reason: reasonOf(first),
    };
    const isUnauthorized = first.entry.class === 'api-unauthorized';
    const proof = [...troubleProof(refusals), ...(isUnauthorized ? [] : rbacProof(rbac)), ...cutOffProof(lookups, on)];
    const remedies = isUnauthorized ? [] : [{ id: 'restore-rbac', params: { component: 'kube-proxy' } }];
    const parts = {
      variant: isUnauthorized ? 'unauthorized' : 'forbidden',
      args: { ...proxyArgs(proxy), nodes: on, ...named },
      proof,
      remedies,
    };
    return found([finding('kubeproxy-forbidden', cutOffSeverity(lookups, on), { kind: 'Node', name: on.join(', ') }, parts)]);
  },
});
