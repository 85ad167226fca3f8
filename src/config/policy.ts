import { z } from 'zod';
import { namesCluster } from '../domain/access.ts';
import { ChangeEntries } from './changes.ts';
import { Channels, Clusters, Groups, idOf, Users } from './policy-names.ts';
import { didYouMean, strict, stringOf } from './strict.ts';

const MAY = ['check', 'doctor', 'read', 'cancel', 'request', 'approve'] as const;
const May = z.array(z.enum(MAY, { error: `expected ${MAY.slice(0, -1).join(', ')} or ${MAY.at(-1)}` }), {
  error: `expected a list of ${MAY.join(', ')}`,
});

const Rule = strict({
  clusters: Clusters,
  users: Users.default([]),
  groups: Groups.default([]),
  channels: Channels,
  may: May.default(['check', 'doctor', 'read']),
}).refine(({ users, groups }) => users.length + groups.length > 0, {
  error: 'a rule for nobody: expected users, groups or both',
});

/** `policy` of `dns-medic.yaml`: who may do what. */
export const PolicySection = strict({
  team: stringOf(
    'expected the id of your workspace such as "T012ABCDEF" (of the organisation on Enterprise Grid: "E012ABCDEF")',
    idOf('TE'),
  ),
  rules: z.array(Rule, { error: 'expected a list of rules such as [{clusters: ["*"], groups: [S012ABCDEF], channels: [any]}]' }),
  changes: ChangeEntries.optional(),
});
type PolicySection = z.infer<typeof PolicySection>;

function complaint(name: string, known: readonly string[], what: string): string {
  const hint = didYouMean(name, known);
  return `no cluster of this file has that ${what}${hint && `: ${hint}`} (known: ${known.length > 0 ? known.join(', ') : 'none'})`;
}

/** A name in the policy that means nothing of the file. */
interface Stray {
  path: (string | number)[];
  message: string;
}

interface Named {
  name: string;
  path: Stray['path'];
}

type Key = 'clusters' | 'environments';

const namesIn = (rules: readonly Partial<Record<Key, string[] | null>>[], section: string, key: Key): Named[] =>
  rules.flatMap((rule, at) => (rule[key] ?? []).map((name, index) => ({ name, path: ['policy', section, at, key, index] })));

/**
 * The names in the rules that mean no cluster of the file, and no environment of a cluster: a slip of the pen there would give a right to
 * nobody, or to somebody later, or ask for less than was meant.
 */
export function strays(
  { rules, changes = [] }: PolicySection,
  clusters: Readonly<Record<string, { environment?: string | undefined }>>,
): Stray[] {
  const names = Object.keys(clusters);
  const environments = [...new Set(Object.values(clusters).flatMap(({ environment }) => environment ?? []))];
  const stray = ({ name }: Named): boolean => name !== '*' && !names.some((cluster) => namesCluster(name, cluster));
  const inClusters = [...namesIn(rules, 'rules', 'clusters'), ...namesIn(changes, 'changes', 'clusters')].filter(stray);
  const inEnvironments = namesIn(changes, 'changes', 'environments').filter(({ name }) => !environments.includes(name));
  return [
    ...inClusters.map(({ name, path }) => ({ path, message: complaint(name, names, 'name') })),
    ...inEnvironments.map(({ name, path }) => ({ path, message: complaint(name, environments, 'environment') })),
  ];
}
