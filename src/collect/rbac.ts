import { Failure } from '../base/failure.ts';
import type { Rbac } from '../domain/network.ts';
import { bounded, outcome } from './bounded.ts';
import type { CollectContext, Collector } from './collector.ts';
import { given } from './given.ts';
import { bool } from './pick.ts';
import { corednsNeeds, kubeProxyNeeds, type Need } from './rbac-needs.ts';
import { grantsOf, type Grants } from './rbac-roles.ts';

type Subject = Rbac['subjects'][number];
interface Asked {
  component: Subject['component'];
  namespace: string;
  serviceAccount: string;
  needs: readonly Need[];
}

const reviews = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
const atOnce = 8;

/**
 * Whether CoreDNS and kube-proxy may do what they need: asked from the API server by SubjectAccessReviews; where those are forbidden, worked out from the
 * ClusterRoles that are bound to them. Logs alone do not tell: CoreDNS 1.11.4 to 1.13.1 leave the reason out.
 */
export const rbac: Collector<'rbac'> = {
  id: 'rbac',
  title: 'Asking what CoreDNS and kube-proxy may do',
  after: ['coredns-workload', 'corefile', 'kube-proxy'],
  needs: [
    { group: 'authorization.k8s.io', resource: 'subjectaccessreviews', verb: 'create', scope: 'cluster' },
    { group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', verb: 'list', scope: 'cluster' },
    { group: 'rbac.authorization.k8s.io', resource: 'clusterroles', verb: 'get', scope: 'cluster' },
  ],
  timeoutMs: 8000,
  async collect(context) {
    const asked = subjectsOf(context);
    const unread = [context.have['coredns-workload'], context.have['kube-proxy']].find((reading) => reading?.status === 'failed');
    if (asked.length === 0 && unread?.status === 'failed')
      throw new Failure('skipped', `whose rights to ask about is not known: ${unread.id} was not read`);
    if (asked.length === 0)
      throw new Failure('missing', 'neither CoreDNS nor kube-proxy reads the API with a service account of its own here');
    const reviewed = await byReviews(context, asked);
    return { subjects: reviewed ?? (await byRoles(context, asked)) };
  },
};

function subjectsOf({ have }: CollectContext): Asked[] {
  const workload = given(have['coredns-workload']);
  const needs = workload === null ? null : corednsNeeds(workload, given(have.corefile));
  const proxy = given(have['kube-proxy'])?.daemonSet ?? null;
  const subjects: Asked[] = [];
  if (workload !== null && needs !== null) {
    subjects.push({ component: 'coredns', namespace: workload.namespace, serviceAccount: workload.serviceAccount, needs });
  }
  const account = proxy?.serviceAccount ?? 'default';
  if (proxy !== null && account !== 'default') {
    subjects.push({ component: 'kube-proxy', namespace: proxy.namespace, serviceAccount: account, needs: kubeProxyNeeds });
  }
  return subjects;
}

/** Null when reviews are forbidden. Asks one first, so that a missing right costs one request and not all. */
async function byReviews(context: CollectContext, asked: readonly Asked[]): Promise<Subject[] | null> {
  const questions = asked.flatMap((subject) => subject.needs.map((need) => ({ subject, need })));
  const [first, ...rest] = questions;
  if (first === undefined) return [];
  const probe = await outcome(review(context, first.subject, first.need));
  if ('failure' in probe && probe.failure.reason === 'forbidden') return null;
  const outcomes = [probe, ...(await bounded(rest, atOnce, ({ subject, need }) => review(context, subject, need)))];
  const failed = outcomes.find((one) => 'failure' in one);
  if (failed !== undefined && 'failure' in failed) throw failed.failure;
  const denied = new Set(questions.filter((_, i) => !(outcomes[i] as { value: boolean }).value).map(({ need }) => need));
  return explain(context, asked, denied);
}

async function review({ port, signal }: CollectContext, { namespace, serviceAccount }: Asked, need: Need): Promise<boolean> {
  const spec = {
    user: `system:serviceaccount:${namespace}:${serviceAccount}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    resourceAttributes: { ...need },
  };
  const answer = await port.create(reviews, { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec }, { signal });
  const allowed = bool(answer, 'status.allowed');
  if (allowed === null) throw new Failure('error', 'the API server did not answer a SubjectAccessReview');
  return allowed;
}

/** Bindings are read only where something is missing: they say why. */
async function explain(context: CollectContext, asked: readonly Asked[], denied: ReadonlySet<Need>): Promise<Subject[]> {
  const grants = denied.size === 0 ? null : await outcome(grantsOf(context, asked));
  return asked.map((subject, i) => {
    const missing = subject.needs.filter((need) => denied.has(need));
    const bindings = grants !== null && 'value' in grants ? (grants.value[i]?.bindings ?? []) : [];
    return answerOf(subject, 'subject-access-review', missing, bindings);
  });
}

async function byRoles(context: CollectContext, asked: readonly Asked[]): Promise<Subject[]> {
  const grants = await grantsOf(context, asked);
  return asked.map((subject, i) => {
    const grant = grants[i] as Grants;
    const missing = subject.needs.filter((need) => !grant.allows(need));
    if (missing.length > 0 && !grant.complete)
      throw new Failure('error', 'there are more ClusterRoleBindings than are read, so nothing can be called missing');
    return answerOf(subject, 'roles', missing, grant.bindings);
  });
}

function answerOf(subject: Asked, method: Subject['method'], missing: readonly Need[], bindings: Subject['bindings']): Subject {
  const { component, serviceAccount, namespace } = subject;
  return { component, serviceAccount, namespace, method, missing: missing.map((need) => ({ ...need })), bindings };
}
