import type { WebClient } from '@slack/web-api';
import { Failure } from '../base/failure.ts';
import type { Person, Policy } from '../domain/access.ts';
import { channelOf, nowhere, type Whereabouts } from './facts/channel.ts';
import { groupsOf, type GroupMembers } from './facts/groups.ts';
import { type Asker, personOf } from './facts/person.ts';
import { errorFields, type SlackLog, slackError } from './log.ts';
import { Remembered } from './remembered.ts';

export type { Asker, Whereabouts };

/** The calls of Slack's Web API that facts come from. */
export interface FactsClient {
  users: Pick<WebClient['users'], 'info'>;
  conversations: Pick<WebClient['conversations'], 'info'>;
  usergroups: { users: Pick<WebClient['usergroups']['users'], 'list'> };
}

/** Who asks and where, as Slack says now or said less than a minute ago. `fresh`: as it says now. */
export interface Facts {
  /** Rejects with a `Failure` when Slack does not say who it is. */
  person(asker: Asker, fresh?: boolean): Promise<Person>;
  /** Never rejects: a channel that Slack does not describe is `unknown`. */
  channel(id: string, fresh?: boolean): Promise<Whereabouts>;
}

const HOLDS_MS = 60_000;
const MOST = 5_000;

export interface FactsOptions {
  client: FactsClient;
  /** The policy as it is now. */
  policy: () => Policy;
  log: SlackLog;
  now?: () => number;
}

/** Ids of the user groups that the policy names, in its rules and in those for changes. */
const groupsNamed = ({ rules, changes = [] }: Policy): string[] => [
  ...new Set([...rules, ...changes.flatMap(({ by }) => by ?? [])].flatMap(({ groups }) => groups)),
];

/** Members of the groups that the policy names, each asked for on its own: what is known of one does not wait for another. */
function groupReader({ client, policy, log, now = Date.now }: FactsOptions): (fresh: boolean) => Promise<GroupMembers> {
  const known = new Remembered<readonly string[]>({ holdsMs: HOLDS_MS, most: MOST, now });
  const ask = async (usergroup: string): Promise<readonly string[]> => {
    const { users } = await client.usergroups.users.list({ usergroup });
    if (users === undefined) throw new Failure('error', 'Slack named no members');
    return users;
  };
  const members = async (group: string, fresh: boolean): Promise<readonly string[] | null> => {
    try {
      return await known.get(group, () => ask(group), fresh);
    } catch (error) {
      log.warn({ group, ...errorFields(error) }, 'members of a user group could not be read');
      // A group that is not there has no members, and must not stand in the way of the others.
      return slackError(error) === 'no_such_subteam' ? [] : null;
    }
  };
  return async (fresh) =>
    new Map(await Promise.all(groupsNamed(policy()).map(async (group) => [group, await members(group, fresh)] as const)));
}

function personReader(options: FactsOptions): Facts['person'] {
  const { client, policy, log, now = Date.now } = options;
  const known = new Remembered<Awaited<ReturnType<FactsClient['users']['info']>>>({ holdsMs: HOLDS_MS, most: MOST, now });
  const readGroups = groupReader(options);
  return async (asker, fresh = false) => {
    const groups = readGroups(fresh);
    try {
      const { user } = await known.get(asker.user, () => client.users.info({ user: asker.user }), fresh);
      return { ...personOf(asker, user, policy().team), groups: groupsOf(asker.user, await groups) };
    } catch (error) {
      log.warn(errorFields(error), 'a person could not be looked up');
      throw new Failure('error', 'Slack did not say who you are; try again in a moment', { cause: error });
    }
  };
}

function channelReader({ client, log, now = Date.now }: FactsOptions): Facts['channel'] {
  const known = new Remembered<Whereabouts>({ holdsMs: HOLDS_MS, most: MOST, now });
  const ask = async (id: string): Promise<Whereabouts> => channelOf(id, (await client.conversations.info({ channel: id })).channel);
  return async (id, fresh = false) => {
    try {
      return await known.get(id, () => ask(id), fresh);
    } catch (error) {
      log.warn({ channel: id, ...errorFields(error) }, 'a channel could not be looked up');
      return nowhere(id, slackError(error));
    }
  };
}

/** Who asks and where, from Slack: the part of a decision that no click and no message can bring along. */
export function openFacts(options: FactsOptions): Facts {
  return { person: personReader(options), channel: channelReader(options) };
}
