import { z } from 'zod';
import { type ChangeRule, namesCluster } from '../domain/access.ts';
import { RemedyId } from '../domain/remedy-id.ts';
import { FreezeEntry } from './freeze.ts';
import { isLabelName } from './kubernetes-names.ts';
import { Clusters, Groups, Users } from './policy-names.ts';
import { didYouMean, strict, stringOf } from './strict.ts';

/** `environment` of a cluster. */
export const Environment = stringOf('expected the name of an environment such as "production"', isLabelName);

const REMEDIES = RemedyId.options;

const remedyProblem = (input: unknown): string => {
  const hint = typeof input === 'string' ? didYouMean(input, REMEDIES) : '';
  return `expected the id of a remedy${hint && `: ${hint}`} (known: ${REMEDIES.join(', ')})`;
};

const Remedy = z.enum(REMEDIES, { error: ({ input }) => remedyProblem(input) });

const flag = z.boolean({ error: 'expected true or false' });

const By = strict({ users: Users.default([]), groups: Groups.default([]) }).refine(
  ({ users, groups }) => users.length + groups.length > 0,
  {
    error: 'nobody could approve: expected users, groups or both, or leave the key out',
  },
);

const someOf = <T extends z.ZodType>(entry: T, expected: string) => z.array(entry, { error: expected }).min(1, { error: expected });

const PEOPLE = 'expected a number of people from 1 to 5: the one who asks, and those who approve';

const Entry = strict({
  clusters: Clusters.min(1, { error: 'expected a list of clusters such as ["prod-*"], or leave the key out for all' }).optional(),
  environments: someOf(Environment, 'expected a list of environments such as [production], or leave the key out for any').optional(),
  remedies: someOf(Remedy, 'expected a list of remedies such as [restart-coredns], or leave the key out for any').optional(),
  people: z.int({ error: PEOPLE }).min(1, { error: PEOPLE }).max(5, { error: PEOPLE }).optional(),
  reason: flag.optional(),
  typeName: flag.optional(),
  by: By.optional(),
  freeze: z
    .array(FreezeEntry, { error: 'expected a list such as [{from: 2026-12-20T00:00Z, to: 2027-01-02T00:00Z, says: "Christmas sales"}]' })
    .optional(),
});
type Entry = z.infer<typeof Entry>;

/** How many people can stand behind a change at most: all who may approve, and one who only asks. */
const most = ({ by }: Entry): number => (by === undefined || by.groups.length > 0 ? Infinity : new Set(by.users).size + 1);

/** An entry of `policy.changes`: what is asked for the changes that fit. What is left out is as for any change; clusters left out: all. */
const ChangeEntry = Entry.refine((entry) => (entry.people ?? 1) <= most(entry), {
  error: 'more people are asked for than "by" names, and one who asks: expected fewer, or more in "by"',
  path: ['people'],
}).transform(({ clusters, environments, remedies, people, reason, typeName, by, freeze }): ChangeRule => ({
  clusters: clusters ?? ['*'],
  environments: environments ?? null,
  remedies: remedies ?? null,
  people: people ?? null,
  reason: reason ?? null,
  typeName: typeName ?? null,
  by: by ?? null,
  freeze: freeze ?? [],
}));

const within = (
  names: readonly string[] | null,
  others: readonly string[] | null,
  means: (other: string, name: string) => boolean,
): boolean => others === null || (names?.every((name) => others.some((other) => means(other, name))) ?? false);

const isSame = (one: string, other: string): boolean => one === other;

const fitsAllOf = (rule: ChangeRule, before: ChangeRule): boolean =>
  within(rule.clusters, before.clusters, (wide, name) => namesCluster(wide, name)) &&
  within(rule.environments, before.environments, isSame) &&
  within(rule.remedies, before.remedies, isSame);

/** `policy.changes`. An error are rules that can never count, for one before them fits all that they fit: the narrow ones belong first. */
export const ChangeEntries = z
  .array(ChangeEntry, { error: 'expected a list of rules for changes such as [{environments: [production], people: 2}]' })
  .superRefine((rules, context) => {
    for (const [index, rule] of rules.entries()) {
      const before = rules.slice(0, index).findIndex((other) => fitsAllOf(rule, other));
      if (before < 0) continue;
      const message = `never counts, for changes[${before}] fits all that it fits, and the first that fits counts: move it before that one`;
      context.addIssue({ code: 'custom', path: [index], message });
    }
  });
