import { type ChangeRule, namesCluster, type Policy } from '../../domain/access.ts';
import type { ChangeTerms } from '../../domain/change.ts';
import type { Risk } from '../../domain/plan.ts';
import { concerns } from '../matching.ts';
import { frozenAt } from './freeze.ts';

/** A change that somebody wants, as far as the policy looks at it. */
export interface ChangeWish {
  cluster: string;
  /** Id of the remedy. */
  remedy: string;
  risk: Risk;
}

/** The environment in which a reason and the cluster's name are asked for, where no rule says otherwise. */
const PRODUCTION = 'production';

const environmentOf = ({ environments = {} }: Policy, cluster: string): string | null =>
  Object.hasOwn(environments, cluster) ? (environments[cluster] ?? null) : null;

function fits({ clusters, environments, remedies }: ChangeRule, wish: ChangeWish, environment: string | null): boolean {
  if (!clusters.some((pattern) => namesCluster(pattern, wish.cluster))) return false;
  if (environments !== null && (environment === null || !environments.includes(environment))) return false;
  return remedies === null || remedies.includes(wish.remedy);
}

/** The rule that counts for this change: the first that fits; null: none does. */
export const ruleFor = (policy: Policy, wish: ChangeWish): ChangeRule | null =>
  policy.changes?.find((rule) => fits(rule, wish, environmentOf(policy, wish.cluster))) ?? null;

const all = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];

/** Who may approve and from where: those of the rules that give the right, or the fewer that the rule for the change names. */
export function approversOf(policy: Policy, wish: ChangeWish): ChangeTerms['mayApprove'] {
  const by = ruleFor(policy, wish)?.by ?? null;
  const { cluster } = wish;
  const rules = policy.rules.filter((rule) => concerns(rule, { cluster, action: 'approve' }));
  const channels = all(rules.map((rule) => rule.channels));
  if (by !== null) return rules.length === 0 ? { users: [], groups: [], channels } : { users: by.users, groups: by.groups, channels };
  return { users: all(rules.map(({ users }) => users)), groups: all(rules.map(({ groups }) => groups)), channels };
}

/**
 * What the policy asks of this change at this moment (milliseconds since 1970). Where no rule fits: one person for what is safe and two for
 * what is disruptive; in the environment `production` also a reason, and the cluster's name typed.
 */
export function termsOf(policy: Policy, wish: ChangeWish, now: number): ChangeTerms {
  const rule = ruleFor(policy, wish);
  const isProduction = environmentOf(policy, wish.cluster) === PRODUCTION;
  return {
    people: rule?.people ?? (wish.risk === 'safe' ? 1 : 2),
    reason: rule?.reason ?? isProduction,
    typeName: rule?.typeName ?? isProduction,
    readOnly: policy.readOnly?.includes(wish.cluster) ?? false,
    frozen: frozenAt(rule?.freeze ?? [], now),
    mayApprove: approversOf(policy, wish),
  };
}
