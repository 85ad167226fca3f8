import type { Rbac } from '../domain/network.ts';
import type { Severity } from '../domain/finding.ts';
import { at, defineCheck, finding, found, notApplicable, passed } from './check.ts';
import { whenPodsDoNotServe } from './consequences.ts';
import { livePods, podProof, servingPods } from './coredns-view.ts';
import { lately, logProof } from './log-view.ts';
import { isUnsynced } from './readiness.ts';

type Need = Rbac['subjects'][number]['missing'][number];
const named = ({ group, resource, verb }: Need): string => `${verb} ${resource}${group === '' ? '' : `.${group}`}`;

export default defineCheck({
  id: 'coredns-rbac-missing',
  title: 'CoreDNS may read what it needs from the API server',
  why: 'CoreDNS lists and watches Services, EndpointSlices and Namespaces. Without one of these rights it never becomes ready after its next start; until then it serves what it last read.',
  docs: 'https://coredns.io/plugins/kubernetes/',
  wording: {
    role: {
      found: 'CoreDNS ({account}) may not {missing}: role {role} does not allow it',
      next: [
        'Confirm it: kubectl auth can-i {verb} {resource} --as=system:serviceaccount:{account}',
        'Put the rule back: kubectl edit clusterrole {role}',
        'Then restart the pods that are not ready: kubectl -n {namespace} rollout restart deployment/coredns',
      ],
    },
    binding: {
      found: 'CoreDNS ({account}) may not {missing}: no role that exists is bound to its service account',
      next: [
        'Confirm it: kubectl auth can-i {verb} {resource} --as=system:serviceaccount:{account}',
        'Bind its role again: kubectl create clusterrolebinding system:coredns --clusterrole=system:coredns --serviceaccount={account}',
        'Then restart the pods that are not ready: kubectl -n {namespace} rollout restart deployment/coredns',
      ],
    },
  },
  explains: ['coredns-not-ready-kubernetes-unsynced', 'coredns-stale-api-watch', ...whenPodsDoNotServe],
  requires: ['rbac', 'coredns-pods'],
  uses: ['coredns-logs', 'coredns-metrics', 'lookups'],
  judge(facts, { now }) {
    const { rbac, 'coredns-pods': pods, 'coredns-logs': logs, 'coredns-metrics': metrics } = facts;
    const index = rbac.subjects.findIndex((subject) => subject.component === 'coredns');
    const subject = rbac.subjects[index];
    if (subject === undefined) return notApplicable('CoreDNS does not use a service account of its own');
    const [need] = subject.missing;
    if (need === undefined) return passed;
    const unsynced = livePods(pods).filter(({ pod }) => !pod.ready && isUnsynced(pod, facts, now));
    const said = lately(logs, ['api-forbidden', 'api-bare'], 30, now);
    const refused = said.length > 0 || (metrics?.pods ?? []).some((pod) => (pod.apiForbidden ?? 0) > 0);
    // roles do not show what other authorizers allow
    const unsure = subject.method === 'roles' && unsynced.length === 0 && !refused;
    const severity: Severity = unsure ? 'info' : servingPods(pods, now).length === 0 ? 'critical' : 'high';
    const bound = subject.bindings.find((binding) => binding.roleExists);
    const args = {
      namespace: subject.namespace,
      account: `${subject.namespace}:${subject.serviceAccount}`,
      missing: subject.missing.map(named),
      verb: need.verb,
      resource: need.group === '' ? need.resource : `${need.resource}.${need.group}`,
      role: bound?.role ?? 'none',
    };
    const proof = [
      at('rbac', `/subjects/${index}/missing`),
      ...logProof(said, 2),
      ...unsynced.slice(0, 2).map((one) => podProof(one, '/ready')),
    ];
    const remedies = [{ id: 'restore-rbac', params: {} }];
    const about = { kind: 'ServiceAccount', namespace: subject.namespace, name: subject.serviceAccount };
    return found([
      finding('coredns-rbac-missing', severity, about, { variant: bound === undefined ? 'binding' : 'role', args, proof, remedies }),
    ]);
  },
});
