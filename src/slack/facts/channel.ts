import type { ConversationsInfoResponse } from '@slack/web-api';
import type { Channel } from '../../domain/access.ts';

/** Where something is asked, and whether the bot may post there; null: Slack would not say. */
export interface Whereabouts {
  channel: Channel;
  isMember: boolean | null;
}

type Conversation = NonNullable<ConversationsInfoResponse['channel']>;

function kindOf(conversation: Conversation): Channel['kind'] {
  if (conversation.is_im === true) return 'direct';
  // Slack says of each channel whether others share it; where it does not, that is not known.
  if (typeof conversation.is_ext_shared !== 'boolean') return 'unknown';
  return conversation.is_private === true || conversation.is_mpim === true || conversation.is_group === true ? 'private' : 'public';
}

/** Shared with another organisation, or about to be. Workspaces of the same organisation are not others. */
const isShared = (conversation: Conversation): boolean =>
  conversation.is_ext_shared === true ||
  conversation.is_pending_ext_shared === true ||
  (conversation.is_shared === true && conversation.is_org_shared !== true) ||
  (conversation.pending_shared ?? []).length > 0;

/** The channel as Slack describes it. */
export function channelOf(id: string, conversation: Conversation | undefined): Whereabouts {
  if (conversation?.id !== id) return nowhere(id, null);
  const kind = kindOf(conversation);
  const channel: Channel = { id, kind, isShared: isShared(conversation) };
  // A direct message that Slack describes to the bot is one with the bot.
  return { channel, isMember: kind === 'direct' ? true : (conversation.is_member ?? null) };
}

/** A channel that Slack does not describe. It hides private channels from those who are not in them. */
export const nowhere = (id: string, error: string | null): Whereabouts => ({
  channel: { id, kind: 'unknown', isShared: false },
  isMember: error === 'channel_not_found' ? false : null,
});
