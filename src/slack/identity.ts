import type { WebClient } from '@slack/web-api';
import { Failure, UsageError } from '../base/failure.ts';
import type { Policy } from '../domain/access.ts';
import { loggable, slackError } from './log.ts';

/** Who the bot is in its workspace. `home`: ids that the policy may call its home. */
export interface Identity {
  team: string;
  home: readonly string[];
  botUser: string;
  botId: string;
  /** How it is called in a message: `@dns-medic`. */
  mentionName: string;
}

/** What Slack says of a token that will not do until somebody changes it. Whatever else it says may pass. */
const REFUSALS =
  /^(?:invalid_auth|not_authed|account_inactive|token_revoked|token_expired|missing_scope|not_allowed_token_type|no_permission|org_login_required|user_removed_from_team|team_disabled|team_access_not_granted|forbidden_team|access_denied)$/;

/** An error of Slack's as what to do about it: `setting` is what Slack refused. */
export function explained(error: unknown, setting: string): Error {
  const said = slackError(error) ?? '';
  if (REFUSALS.test(said)) return new UsageError(`${setting}: Slack refuses it (${said})`, { cause: error });
  const why = loggable(error instanceof Error ? error.message : 'it closed the connection');
  return new Failure('error', `Slack cannot be reached: ${why}`, { cause: error });
}

/** Asks Slack who the bot's token is of. Throws a UsageError when Slack refuses it, and a Failure when Slack cannot be reached. */
export async function identify(client: WebClient): Promise<Identity> {
  const said = await client.auth.test().catch((error: unknown) => {
    throw explained(error, 'SLACK_BOT_TOKEN');
  });
  const { team_id: team, user_id: botUser, bot_id: botId, enterprise_id: enterprise, user } = said;
  if (team === undefined || botUser === undefined || botId === undefined)
    throw new UsageError('SLACK_BOT_TOKEN: expected the token of a bot');
  return { team, home: [team, ...(enterprise === undefined ? [] : [enterprise])], botUser, botId, mentionName: `@${user ?? 'dns-medic'}` };
}

/** A policy that lets nobody do anything. */
const nobody = ({ team }: Identity): Policy => ({ team, rules: [] });

/** The policy, if it is one for this workspace; without one, a policy that lets nobody do anything. Throws a UsageError. */
export function policyFor(policy: Policy | null, identity: Identity): Policy {
  const { home } = identity;
  if (policy === null) return nobody(identity);
  if (home.includes(policy.team)) return policy;
  throw new UsageError(`policy.team: ${JSON.stringify(policy.team)}: the bot is in another workspace: expected ${home.join(' or ')}`);
}

/** A policy, or what gives the policy as it is now; null: nobody may do anything. */
export type PolicySource = Policy | null | (() => Policy | null);

/**
 * The policy as it is at each call. Throws a UsageError when the first is for another workspace; when one that comes later is, it lets nobody do
 * anything.
 */
export function policyNow(source: PolicySource, identity: Identity): () => Policy {
  const read = typeof source === 'function' ? source : (): Policy | null => source;
  policyFor(read(), identity);
  return () => {
    const policy = read();
    return policy !== null && identity.home.includes(policy.team) ? policy : nobody(identity);
  };
}
