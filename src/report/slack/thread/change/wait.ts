import { asSentence, riskWords } from '../../../change-words.ts';
import type { Message } from '../../message.ts';
import { messageOf } from '../../text/compose.ts';
import { aside, line, type Part, prose } from '../../text/parts.ts';
import { bold, channel, group, joined, listed, nothing, ours, timeOf, user, type Words, words } from '../../text/words.ts';
import { approveButton, changeButtons, declineButton } from '../change-buttons.ts';
import { buttonOf, orderWords, stateOf, type Told, waited, whichWords } from './facts.ts';
import { barred } from './rests.ts';

const mostNames = 10;

/** Those who may still say yes: not the one who asked where two are asked, nor who has said it already. */
function mayWords({ order: { requested, approvals }, terms }: Told): Words {
  if (terms === null) return nothing;
  const out = [...approvals.map(({ person }) => person.user), ...(terms.people > 1 ? [requested?.person.user ?? ''] : [])];
  const { groups, users } = terms.mayApprove;
  return listed([...groups.map((id) => group(id)), ...users.filter((id) => !out.includes(id)).map((id) => user(id))], mostNames);
}

/** How many have said yes, and who is missing. */
function countWords({ order: { approvals }, terms }: Told): Words {
  if (terms === null) return nothing;
  const has = 1 + approvals.length;
  if (terms.people <= 1) return ours('The one who asks may not approve: somebody who may has to.');
  const left = Math.max(0, terms.people - has);
  const missing = left === 1 ? 'one more has to approve' : `${left} more have to approve`;
  return words`${ours(`${has} of ${terms.people} people so far: ${missing}.`)} The one who asks may not.`;
}

/** Channels that an approval counts from, where not every one does. */
function whereWords({ terms }: Told): Words {
  const channels = [...new Set(terms?.mayApprove.channels ?? [])];
  if (channels.length === 0 || channels.includes('any')) return nothing;
  return words`It counts from ${listed(
    channels.map((id) => channel(id)),
    mostNames,
  )}`;
}

function waiting(told: Told): Part[] {
  const { order, terms } = told;
  const who = mayWords(told);
  const asks = words`${user(order.requested?.person.user ?? '')} asks for this:`;
  const stop = barred(told);
  return [
    line(joined([words`🙋 ${bold(ours('Please approve or decline'))} · ${whichWords(told)}`, who.text === '' ? nothing : who], ' · ')),
    line(asks),
    prose(asSentence(order.plan.summary), 600),
    prose(order.reason === null ? 'No reason was given.' : `Reason: ${order.reason}`, 600),
    line(
      joined([words`${bold(ours('Risk:'))} ${ours(riskWords[order.plan.risk])}`, countWords({ ...told, terms }), whereWords(told)], '\n'),
    ),
    aside(
      joined(
        [
          words`asked at ${timeOf(order.requested?.at ?? order.movedAt)}`,
          words`the offer ends at ${timeOf(order.expiresAt)}`,
          orderWords(told),
        ],
        ' · ',
      ),
    ),
    ...(stop === null ? changeButtons([approveButton, declineButton], buttonOf(told)) : [line(stop)]),
  ];
}

/** What became of the question, in a line. */
function answered(told: Told): Words {
  const { order } = told;
  const which = words`${whichWords(told)} · ${orderWords(told)}`;
  if (order.declinedBy !== null) return words`⛔ ${bold(ours('Declined'))} by ${user(order.declinedBy)} · ${which}`;
  if (stateOf(told) === 'expired') return words`⌛ ${bold(ours('Expired'))}: it was not approved in time · ${which}`;
  const yes = order.approvals.map(({ person, at }) => words`${user(person.user)} at ${timeOf(at)}`);
  if (yes.length === 0) return words`⛔ ${bold(ours('No longer asked'))} · ${which}`;
  return words`✅ ${bold(ours('Approved'))} by ${listed(yes, mostNames)} · ${which}`;
}

/** The question to those who may approve; a plain line once it is answered. Null where nobody had to be asked. */
export function waitMessage(told: Told): Message | null {
  if (!waited(told)) return null;
  return messageOf(stateOf(told) === 'requested' ? waiting(told) : [line(answered(told))]);
}
