import { z } from 'zod';
import type { Permission } from '../domain/reading.ts';
import { applyEdits, Edits, undoEdits } from './kit/act.ts';
import { plannedObject } from './kit/diff.ts';
import { dryRun } from './kit/dry-run.ts';
import { objectName } from './kit/edit.ts';
import { seen, unread } from './kit/read.ts';
import { type Owned, rbacEdits } from './rbac/plan-edits.ts';
import { NODE_PROXIER, standardOf } from './rbac/standard.ts';
import type { Draft, NoDraft, PlanContext, Remedy } from './remedy.ts';

const Params = z.strictObject({
  component: z.enum(['coredns', 'kube-proxy'], { error: 'expected coredns or kube-proxy' }).default('coredns'),
});
type Params = z.infer<typeof Params>;

const GROUP = 'rbac.authorization.k8s.io';
const CORE_ROLE = 'system:coredns';

const writes = (resource: string, names: string[]): Permission[] => [
  { group: GROUP, resource, verb: 'get', scope: 'cluster', names },
  { group: GROUP, resource, verb: 'patch', scope: 'cluster', names },
  { group: GROUP, resource, verb: 'create', scope: 'cluster' },
  // to take back what was made
  { group: GROUP, resource, verb: 'delete', scope: 'cluster', names },
];

const reads = (group: string, resource: string): Permission[] =>
  (['list', 'watch'] as const).map((verb) => ({ group, resource, verb, scope: 'cluster' }));

/** Nobody may give away what they do not have themselves (RBAC, "Privilege escalation prevention"): so these are CoreDNS' own rights. */
const given = ['endpoints', 'services', 'pods', 'namespaces'].flatMap((resource) => reads('', resource));

const forCoredns: readonly Permission[] = [
  ...writes('clusterroles', [CORE_ROLE]),
  ...writes('clusterrolebindings', [CORE_ROLE]),
  ...given,
  ...reads('discovery.k8s.io', 'endpointslices'),
  // a role that is patched is judged as a whole, and EKS' has this too
  { group: '', resource: 'nodes', verb: 'get', scope: 'cluster' },
];

const forKubeProxy: readonly Permission[] = [
  ...writes('clusterrolebindings', ['eks:kube-proxy', 'kubeadm:node-proxier']),
  { group: GROUP, resource: 'clusterroles', verb: 'get', scope: 'cluster' },
  { group: GROUP, resource: 'clusterroles', verb: 'bind', scope: 'cluster', names: [NODE_PROXIER] },
];

const needsOf = ({ component }: Params): readonly Permission[] => (component === 'coredns' ? forCoredns : forKubeProxy);

async function plan(context: PlanContext, params: Params): Promise<Draft<Edits> | NoDraft> {
  const { component } = params;
  const rbac = seen(context.evidence, 'rbac');
  if (rbac === undefined) return unread(context.evidence, 'rbac', `what ${component} may do`);
  const subject = rbac.subjects.find((one) => one.component === component);
  if (subject === undefined) return { why: 'not-here', says: `${component} does not read the API with a service account of its own here` };
  const account = `${subject.namespace}:${subject.serviceAccount}`;
  if (subject.missing.length === 0) return { why: 'not-needed', says: `${component} (${account}) may do all that it needs` };
  const platform = seen(context.evidence, 'cluster-class')?.platform;
  const owned = await rbacEdits(context, subject, standardOf(component, platform));
  if ('why' in owned) return owned;
  if (owned.length === 0) return { why: 'unknown', says: 'role and binding are there by now', next: ['Check again.'] };
  for (const { edit, live } of owned) {
    const refused = await dryRun(context, edit, { live, needs: needsOf(params) });
    if (refused !== null) return refused;
  }
  return draft(params, owned, account);
}

/** With what shows that the rights are used again: nodes send lookups to ready pods, by fresh rules. */
const PROVES = {
  coredns: ['coredns-rbac-missing', 'coredns-not-ready', 'coredns-not-ready-kubernetes-unsynced', 'kubedns-endpoints-empty'],
  'kube-proxy': ['kubeproxy-forbidden', 'kubeproxy-rules-missing'],
};

const DOES = { create: 'make', patch: 'add what is missing to', delete: 'delete' } as const;

function draft({ component }: Params, owned: readonly Owned[], account: string): Draft<Edits> {
  const edits = owned.map(({ edit }) => edit);
  return {
    summary: `${edits.map(({ how, object }) => `${DOES[how]} ${objectName(object)}`).join(' and ')}, so that ${component} (${account}) may read what it needs`,
    helps: null,
    warnings: [],
    objects: owned.map(({ edit, owner }) => plannedObject(edit, owner)),
    pods: [],
    undo: 'What was added is taken out again, what was made is deleted.',
    endsAfterMs: null,
    proves: PROVES[component],
    data: { edits, rollout: null },
  };
}

/** Gives CoreDNS or kube-proxy back what it may read. */
export const restoreRbac: Remedy<Params, Edits> = {
  id: 'restore-rbac',
  title: 'Give CoreDNS or kube-proxy its rights back',
  helps: 'Where the API server refuses what CoreDNS or kube-proxy must read: a ClusterRole or its binding is gone, or lacks a rule.',
  risk: 'safe',
  needs: [...forCoredns, ...forKubeProxy],
  uses: (planned) => needsOf(planned.params as Params),
  params: Params,
  paramHelp: { component: 'coredns or kube-proxy; coredns unless said' },
  data: Edits,
  proves: ['coredns-rbac-missing', 'kubeproxy-forbidden'],
  effect: { withinMs: 90_000, why: 'they try again by themselves, less and less often: up to a minute after the last refusal' },
  plan,
  apply: applyEdits,
  undo: undoEdits,
};
