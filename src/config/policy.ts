import { z } from 'zod';
import { namesCluster, type Policy } from '../domain/access.ts';
import { isClusterName } from './kubernetes-names.ts';
import { didYouMean, strict, stringOf } from './strict.ts';

const idOf = (first: string) => {
  const pattern = new RegExp(`^[${first}][A-Z0-9]{1,30}$`);
  return (text: string): boolean => pattern.test(text);
};
const isChannel = idOf('CGD');

/** A name, or the beginning of one with `*` for the rest. */
const isPattern = (text: string): boolean => {
  const name = text.endsWith('*') ? text.slice(0, -1) : text;
  return (name === '' && text !== '') || isClusterName(name);
};

const listOf = (entry: z.ZodType<string>, expected: string) => z.array(entry, { error: expected });

const Clusters = listOf(
  stringOf('expected the name of a cluster such as "cluster-a", or its beginning and a star such as "prod-*"', isPattern),
  'expected a list of clusters such as [cluster-a] or ["prod-*"]',
);
const Users = listOf(
  stringOf('expected the id of a user such as "U012ABCDEF" (in Slack: profile, Copy member ID)', idOf('UW')),
  'expected a list of user ids such as [U012ABCDEF]',
);
const Groups = listOf(
  stringOf('expected the id of a user group such as "S012ABCDEF"', idOf('S')),
  'expected a list of user group ids such as [S012ABCDEF]',
);
const Channels = listOf(
  stringOf(
    'expected the id of a channel such as "C012ABCDEF" (in Slack: channel details, at the end), or any',
    (text) => text === 'any' || isChannel(text),
  ),
  'expected a list of channel ids such as [C012ABCDEF], or [any]',
);
const MAY = ['check', 'doctor', 'read', 'cancel'] as const;
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
});

function complaint(pattern: string, clusters: readonly string[]): string {
  const hint = didYouMean(pattern, clusters);
  const known = clusters.length > 0 ? clusters.join(', ') : 'none';
  return `no cluster of this file has that name${hint && `: ${hint}`} (known: ${known})`;
}

/** The names in the rules that mean no cluster of the file: a slip of the pen there would give a right to nobody, or to somebody later. */
export function strayClusters(policy: Policy, clusters: readonly string[]): { path: (string | number)[]; message: string }[] {
  const named = policy.rules.flatMap((rule, at) =>
    rule.clusters.map((pattern, index) => ({ pattern, path: ['policy', 'rules', at, 'clusters', index] })),
  );
  return named
    .filter(({ pattern }) => pattern !== '*' && !clusters.some((cluster) => namesCluster(pattern, cluster)))
    .map(({ pattern, path }) => ({ path, message: complaint(pattern, clusters) }));
}
