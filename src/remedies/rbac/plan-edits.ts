import type { Json } from '../../cluster/port.ts';
import type { ReadingData } from '../../domain/evidence.ts';
import type { ObjectRef, Owner } from '../../domain/plan.ts';
import { createOf, type ObjectEdit, objectName, patchOf } from '../kit/edit.ts';
import { changeOf } from '../kit/fields.ts';
import { ownerOf } from '../kit/owners.ts';
import { liveObject, uidOf } from '../kit/read.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import { rulesFor, type Standard } from './standard.ts';

type Subject = ReadingData['rbac']['subjects'][number];

/** An edit with the owner of what it changes. */
export interface Owned {
  edit: ObjectEdit;
  live: Json | null;
  owner: Owner | null;
}

const GROUP = 'rbac.authorization.k8s.io';
const clusterWide = (kind: string, name: string): ObjectRef => ({ apiVersion: `${GROUP}/v1`, kind, namespace: null, name });
const labels = { 'app.kubernetes.io/managed-by': 'dns-medic' };

const none = (says: string, next: string[] = []): NoDraft => ({ why: 'unsafe', says, next });

/** Whether a role is the component's own by its name: a role that others have too must not be widened for its sake. */
const isOwn = (role: string, { component }: Subject, standard: Standard): boolean =>
  role === standard.role || role.toLowerCase().includes(component === 'coredns' ? 'coredns' : 'kube-proxy');

const ownedBy = (context: PlanContext, edit: ObjectEdit, live: Json | null): Owned => ({
  edit,
  live,
  owner: live === null ? null : ownerOf(live, { cluster: context.request.cluster, addonValues: null }),
});

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Adds what is missing to a role that is bound. */
async function widened(context: PlanContext, name: string, subject: Subject, standard: Standard): Promise<Owned | NoDraft> {
  const role = clusterWide('ClusterRole', name);
  const next = [`See it: kubectl get clusterrole ${name} -o yaml`];
  if (!isOwn(name, subject, standard))
    return none(`${subject.component} is bound to ${objectName(role)}, which others may have too: it is not widened`, next);
  const live = await liveObject(context, role);
  if (live === null) return none(`there is no ${objectName(role)} any more`);
  if (live['aggregationRule'] !== undefined && live['aggregationRule'] !== null)
    return none(`the rules of ${objectName(role)} are put together out of other roles, so nothing can be added to it`, next);
  const rules = [...listOf(live['rules']), ...rulesFor(subject.missing)];
  return ownedBy(context, patchOf(role, [changeOf(live, ['rules'], rules)], { uid: uidOf(live) }), live);
}

/** The role itself where it is gone; null: it is there. */
async function roleAnew(context: PlanContext, name: string, subject: Subject, standard: Standard): Promise<Owned | NoDraft | null> {
  const role = clusterWide('ClusterRole', name);
  const live = await liveObject(context, role);
  const rules = standard.rules ?? rulesFor(subject.missing);
  if (live === null) return ownedBy(context, createOf(role, { metadata: { labels }, rules: rules }), null);
  return null;
}

const subjectOf = ({ namespace, serviceAccount }: Subject): Json => ({ kind: 'ServiceAccount', name: serviceAccount, namespace });

/** Binds the service account to its role, beside others that are bound by the same binding. */
async function bound(context: PlanContext, standard: Standard, subject: Subject): Promise<Owned | NoDraft> {
  const { role, binding } = standard;
  const object = clusterWide('ClusterRoleBinding', binding);
  const live = await liveObject(context, object);
  const own = subjectOf(subject);
  if (live === null) {
    const body = { metadata: { labels }, roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role }, subjects: [own] };
    return ownedBy(context, createOf(object, body), null);
  }
  const to: unknown = live['roleRef']?.['name'];
  if (to !== role)
    return none(`${objectName(object)} is there and binds ${String(to)}, not ${role}; what a binding binds cannot be changed`, [
      `See it: kubectl get clusterrolebinding ${binding} -o yaml`,
    ]);
  const isBound = listOf(live['subjects']).some(
    ({ kind, name, namespace }) => kind === own['kind'] && name === own['name'] && namespace === own['namespace'],
  );
  // bindings may not have been read: then the role is what lacks something
  if (isBound) return widened(context, role, subject, standard);
  const subjects = [...listOf(live['subjects']), own];
  return ownedBy(context, patchOf(object, [changeOf(live, ['subjects'], subjects)], { uid: uidOf(live) }), live);
}

/**
 * The writes that give a component back what it may not do: the role where it is gone, its binding where that is gone, or what is missing in a role
 * of its own. Additive: no rule and no subject is taken away. Rejects with a Failure.
 */
export async function rbacEdits(context: PlanContext, subject: Subject, standard: Standard): Promise<Owned[] | NoDraft> {
  const [first] = subject.bindings;
  const existing = subject.bindings.find(({ roleExists }) => roleExists);
  if (existing !== undefined) {
    const edit = await widened(context, existing.role, subject, standard);
    return 'why' in edit ? edit : [edit];
  }
  if (first !== undefined && !isOwn(first.role, subject, standard))
    return none(`${subject.component} is bound to ClusterRole ${first.role}, which is not there`);
  const role = await roleAnew(context, first?.role ?? standard.role, subject, standard);
  if (role !== null && 'why' in role) return role;
  const binding = first === undefined ? await bound(context, standard, subject) : null;
  if (binding !== null && 'why' in binding) return binding;
  return [role, binding].filter((one) => one !== null);
}
