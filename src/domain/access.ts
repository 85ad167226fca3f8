import { z } from 'zod';

/**
 * What a person may be allowed to do with a cluster. `read`: see status, history and reports; `cancel`: end a run that somebody else asked for;
 * `request`: ask for a change; `approve`: say yes to one, and get the files of a capture.
 */
export const Action = z.enum(['check', 'doctor', 'cancel', 'read', 'request', 'approve']);
export type Action = z.infer<typeof Action>;

/** Who asks, as Slack says at the moment of asking. Never taken from what a client sends, apart from the ids. */
export const Person = z.object({
  user: z.string(),
  /** The workspace that the person belongs to; another than the bot's own is another organisation. */
  team: z.string(),
  isBot: z.boolean(),
  isDeleted: z.boolean(),
  /** Multi-channel or single-channel guest. */
  isGuest: z.boolean(),
  isStranger: z.boolean(),
  /** Ids of the user groups that the policy names and the person is in; null: Slack would not say, so none may be counted on. */
  groups: z.array(z.string()).nullable(),
});
export type Person = z.infer<typeof Person>;

/** Where it is asked, as Slack says. `unknown`: Slack would not say (the bot is no member of a private channel, or an error). */
export const Channel = z.object({
  id: z.string(),
  kind: z.enum(['public', 'private', 'direct', 'unknown']),
  /** Shared with another organisation (Slack Connect), or about to be. */
  isShared: z.boolean(),
});
export type Channel = z.infer<typeof Channel>;

/** One rule: these people may do these things with these clusters from these channels. An empty list is nobody, nothing, nowhere. */
export const PolicyRule = z.object({
  /** Names of clusters; `*` at an end matches the rest of a name (`prod-*`). */
  clusters: z.array(z.string()),
  users: z.array(z.string()),
  groups: z.array(z.string()),
  /** Ids of channels; `any`: every channel that is not shared with others, and direct messages. */
  channels: z.array(z.string()),
  may: z.array(Action),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** Whether a rule's name of clusters (`cluster-a`, `prod-*`, `*`) means this cluster. */
export const namesCluster = (pattern: string, cluster: string): boolean =>
  pattern.endsWith('*') ? cluster.startsWith(pattern.slice(0, -1)) : pattern === cluster;

/**
 * When changes rest. Either from one moment to another (milliseconds since 1970), or weekly on these days (0 is Sunday) between two times of day
 * (minutes since midnight, `to` may be below `from`: over midnight) in a time zone.
 */
export const Freeze = z.union([
  z.object({ from: z.number(), to: z.number(), says: z.string() }),
  z.object({ days: z.array(z.number()), fromMinute: z.number(), toMinute: z.number(), zone: z.string(), says: z.string() }),
]);
export type Freeze = z.infer<typeof Freeze>;

/** What is asked for changes that fit: of these clusters, environments and remedies. Of several that fit, the first counts. */
export const ChangeRule = z.object({
  clusters: z.array(z.string()),
  /** Names of environments, as the clusters have them; null: any, also none. */
  environments: z.array(z.string()).nullable(),
  /** Ids of remedies; null: any. */
  remedies: z.array(z.string()).nullable(),
  /** null: by risk: 1 for safe changes, 2 for disruptive ones. */
  people: z.number().int().min(1).max(5).nullable(),
  /** Whether a reason, and the cluster's name, must be given; null: in the environment `production`. */
  reason: z.boolean().nullable(),
  typeName: z.boolean().nullable(),
  /** Who may approve, of those who have the right `approve`; null: all of them. */
  by: z.object({ users: z.array(z.string()), groups: z.array(z.string()) }).nullable(),
  freeze: z.array(Freeze),
});
export type ChangeRule = z.infer<typeof ChangeRule>;

/** Who may do what. Without rules nobody may do anything. `team`: the home workspace. */
export const Policy = z.object({
  team: z.string(),
  rules: z.array(PolicyRule),
  changes: z.array(ChangeRule).optional(),
  /** The environment of each cluster that has one. */
  environments: z.record(z.string(), z.string()).optional(),
  /** Clusters in which nothing may be changed. */
  readOnly: z.array(z.string()).optional(),
});
export type Policy = z.infer<typeof Policy>;

export const RefusalReason = z.enum([
  'no-policy', // no rule names this cluster for this action
  'external', // of another organisation
  'bot',
  'deactivated',
  'guest',
  'shared-channel', // the channel is shared with another organisation
  'unknown-channel', // Slack would not say what channel this is
  'channel', // the person may, but not from this channel
  'person', // nobody gave this person the right
  'groups-unknown', // user groups could not be read, and only they could give the right
  'read-only', // nothing may be changed in this cluster
  'frozen', // changes rest now
  'own-request', // the one who asked may not approve
  'approved-already', // the person has approved it before
  'no-reason', // a reason must be given, and none was
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** The answer of the policy. A refusal says who may, and from where, so that the person can find them. */
export const Decision = z.discriminatedUnion('allowed', [
  z.object({ allowed: z.literal(true) }),
  z.object({
    allowed: z.literal(false),
    reason: RefusalReason,
    mayUsers: z.array(z.string()),
    mayGroups: z.array(z.string()),
    mayChannels: z.array(z.string()),
    /** More about it, one sentence: why and until when changes rest. */
    says: z.string().optional(),
  }),
]);
export type Decision = z.infer<typeof Decision>;
