import type { Rbac } from '../domain/network.ts';
import type { Json } from '../cluster/port.ts';
import { bounded, type Outcome } from './bounded.ts';
import type { CollectContext } from './collector.ts';
import { arr, str, strings } from './pick.ts';
import type { Need } from './rbac-needs.ts';

/** What the ClusterRoles bound to a service account grant it in all namespaces. */
export interface Grants {
  bindings: Rbac['subjects'][number]['bindings'];
  allows(need: Need): boolean;
  /** Whether all ClusterRoleBindings were read. */
  complete: boolean;
}

interface Account {
  namespace: string;
  serviceAccount: string;
}

const base = '/apis/rbac.authorization.k8s.io/v1';
const maxBindings = 500;
const maxRoles = 40;
const atOnce = 6;

/** The grants of each account, in their order. Rejects when bindings or a bound role may not be read. */
export async function grantsOf({ port, signal }: CollectContext, accounts: readonly Account[]): Promise<Grants[]> {
  const { items, complete } = await port.list(`${base}/clusterrolebindings`, { limit: maxBindings, signal });
  const bound = accounts.map((account) => items.filter((binding) => bindsTo(binding, account)));
  const names = [...new Set(bound.flat().map(roleName))].slice(0, maxRoles);
  const roles = await bounded(names, atOnce, (name) => port.get(`${base}/clusterroles/${encodeURIComponent(name)}`, {}, { signal }));
  const rules = new Map(names.map((name, i) => [name, rulesOf(roles[i])]));
  return accounts.map((account, i) => grants(bound[i] ?? [], account, rules, complete));
}

function grants(bound: readonly Json[], account: Account, rules: ReadonlyMap<string, unknown[] | null>, complete: boolean): Grants {
  const direct = bound.filter((binding) => arr(binding, 'subjects').some((subject) => isAccount(subject, account)));
  const all = bound.flatMap((binding) => rules.get(roleName(binding)) ?? []);
  return {
    bindings: direct.map((binding) => ({
      name: str(binding, 'metadata.name') ?? '',
      role: roleName(binding),
      roleExists: (rules.get(roleName(binding)) ?? null) !== null,
    })),
    allows: (need) => all.some((rule) => allows(rule, need)),
    complete,
  };
}

/** The rules of a role (those of an aggregated one stand in it); null when there is no such role. */
function rulesOf(role: Outcome<Json> | undefined): unknown[] | null {
  if (role === undefined) return [];
  if ('value' in role) return arr(role.value, 'rules');
  if (role.failure.reason === 'missing') return null;
  throw role.failure;
}

/** A rule with resourceNames does not permit to list or watch all. */
function allows(rule: unknown, { group, resource, verb }: Need): boolean {
  const has = (key: string, wanted: string): boolean => strings(rule, key).some((value) => value === '*' || value === wanted);
  return arr(rule, 'resourceNames').length === 0 && has('apiGroups', group) && has('resources', resource) && has('verbs', verb);
}

function bindsTo(binding: Json, account: Account): boolean {
  return arr(binding, 'subjects').some((subject) => isAccount(subject, account) || isItsGroup(subject, account));
}

function isAccount(subject: unknown, { namespace, serviceAccount }: Account): boolean {
  const name = str(subject, 'name');
  if (str(subject, 'kind') === 'User') return name === `system:serviceaccount:${namespace}:${serviceAccount}`;
  return str(subject, 'kind') === 'ServiceAccount' && name === serviceAccount && str(subject, 'namespace') === namespace;
}

function isItsGroup(subject: unknown, { namespace }: Account): boolean {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return str(subject, 'kind') === 'Group' && groups.includes(str(subject, 'name') ?? '');
}

function roleName(binding: Json): string {
  return str(binding, 'roleRef.name') ?? '';
}
