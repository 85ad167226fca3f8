import type { Action, Decision, RefusalReason } from '../../../domain/access.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { aside, line, type Part, prose } from '../text/parts.ts';
import { bold, channel, joined, listed, name, nothing, ours, type Words, words } from '../text/words.ts';
import { type Audience, groupFor, personFor } from './audience.ts';

/** The policy's no. */
export type Refusal = Extract<Decision, { allowed: false }>;

/** What was asked for. `wanted`: to do what with an order, where it is more than the name of the right. `audience`: who sees the answer. */
export interface Refused {
  cluster: string;
  action: Action;
  wanted?: 'decline' | 'undo' | 'stop' | 'lines' | 'files';
  audience?: Audience;
}

const mostNames = 10;

const actions: Record<Action, string> = {
  check: 'a DNS check of',
  doctor: 'a check of rights in',
  cancel: "ending somebody else's run on",
  read: 'a look at the runs of',
  request: 'asking for a change of',
  approve: 'approving a change of',
};

const ofOrders: Record<NonNullable<Refused['wanted']>, string> = {
  decline: 'declining a change of',
  undo: 'undoing a change of',
  stop: 'stopping a change of',
  lines: 'the lines of a query log of',
  files: 'the files of a capture of',
};

const reasons: Record<RefusalReason, string> = {
  'no-policy': 'No rule of the policy gives that right to anybody.',
  external: 'You belong to another organisation.',
  bot: 'Bots may not ask.',
  deactivated: 'Your account is deactivated.',
  guest: 'Guests may not ask.',
  'shared-channel': 'This channel is shared with another organisation, which would see the answer. Ask in one that is not.',
  'unknown-channel': 'Slack does not say what kind of channel this is. Invite the bot here, or ask elsewhere.',
  channel: 'You may, but not from this channel.',
  person: 'Nobody gave you that right.',
  'read-only': 'This cluster is read-only for dns-medic.',
  frozen: 'Changes rest for now.',
  'own-request': 'You asked for it, so somebody else has to approve.',
  'no-reason': 'A reason must be given for this change.',
  'approved-already': 'You have approved it already; somebody else has to.',
  'groups-unknown': 'Slack does not say now which user groups you are in, and only they could give you that right. Try again in a minute.',
};

const place = (id: string): Words => (id === 'any' ? ours('any channel that is not shared with others, and direct messages') : channel(id));

/** Who may, and from where, so that the person can find them. */
function mayParts({ mayUsers, mayGroups, mayChannels }: Refusal, audience: Audience): Part[] {
  const people = [...mayGroups.map((id) => groupFor(audience, id)), ...mayUsers.map((id) => personFor(audience, id))];
  const who = people.length === 0 ? nothing : words`${bold(ours('Who may:'))} ${listed(people, mostNames)}`;
  const where =
    mayChannels.length === 0
      ? nothing
      : words`${bold(ours('From where:'))} ${listed(
          [...new Set(mayChannels)].map((id) => place(id)),
          mostNames,
        )}`;
  const said = joined([who, where], '\n');
  return said.text === '' ? [] : [line(said)];
}

/** Why it was refused, who may, and from where. Nobody else is called by it. */
export function refusalMessage(refusal: Refusal, { cluster, action, wanted, audience = 'one' }: Refused): Message {
  const { says } = refusal;
  return messageOf([
    line(
      words`⛔ ${bold(ours('Refused:'))} ${ours(wanted === undefined ? actions[action] : ofOrders[wanted])} ${name(cluster)}. ${ours(reasons[refusal.reason])}`,
    ),
    ...(says === undefined || says === reasons[refusal.reason] ? [] : [prose(says, 400)]),
    ...mayParts(refusal, audience),
    aside(words`Nothing was started. Rights are given in the policy of dns-medic, by those who run it.`),
  ]);
}
