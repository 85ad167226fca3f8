import type { Change, ChangeTerms } from '../../../domain/change.ts';
import type { RunRecord } from '../../../domain/run.ts';
import { shortOrder } from '../../change-words.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { aside, line } from '../text/parts.ts';
import { bold, group, joined, listed, name, nothing, ours, timeOf, user, type Words, words } from '../text/words.ts';

/** What somebody wanted to do with an order. */
export type Wanted = 'request' | 'approve' | 'decline' | 'undo' | 'stop' | 'lines';

/** An order, and the run whose check proposed it. */
export interface OfOrder {
  change: Change;
  record: Pick<RunRecord, 'cluster'>;
}

const mostNames = 10;

const which = ({ change, record }: OfOrder): Words =>
  words`${name(change.plan.remedy, 60)} in ${name(record.cluster)} (order ${name(shortOrder(change.id), 12)})`;

const last = <T>(all: readonly T[]): T | undefined => all.at(-1);

/** "by @ben at 10:42:06": the last who said yes; the one who asked, where that was enough. */
function approvedBy({ approvals, requested }: Change): Words {
  const yes = last(approvals) ?? requested;
  return yes === null ? nothing : words` by ${user(yes.person.user)} at ${timeOf(yes.at)}`;
}

/** Those who may still say yes. Only one person reads it. */
function others({ mayApprove: { users, groups }, people }: ChangeTerms, { requested, approvals }: Change): Words {
  const out = [...approvals.map(({ person }) => person.user), ...(people > 1 && requested !== null ? [requested.person.user] : [])];
  return listed([...groups.map((id) => group(id)), ...users.filter((id) => !out.includes(id)).map((id) => user(id))], mostNames);
}

function waits(of: OfOrder, terms: ChangeTerms): Words[] {
  const who = others(terms, of.change);
  const left = Math.max(1, terms.people - 1 - of.change.approvals.length);
  const missing = words`${left === 1 ? ours('One more person has to approve.') : words`${left} more people have to approve.`}`;
  return [
    missing,
    who.text === '' ? words`The policy names nobody else who may: whoever runs dns-medic gives that right.` : words`Who may: ${who}`,
    words`They are asked in the thread, until ${timeOf(of.change.expiresAt)}.`,
  ];
}

const goesOn = 'It begins as soon as a worker of the cluster is free; the thread shows it.';

/** What became of a press: it is asked for and waits, it begins, it is declined, or it is being undone. */
export function movedMessage({
  change,
  record,
  terms,
  did,
}: OfOrder & { terms: ChangeTerms; did: 'request' | 'approve' | 'decline' | 'undo' }): Message {
  const of = { change, record };
  if (did === 'decline') {
    const said = change.requested === null ? 'Dismissed' : 'Declined';
    return messageOf([line(words`⛔ ${bold(ours(said))}: ${which(of)}. Nothing was changed.`)]);
  }
  if (did === 'undo') return messageOf([line(words`↩️ ${bold(ours('It is being undone'))}: ${which(of)}.`), line(ours(goesOn))]);
  if (change.state === 'requested') {
    const head = did === 'request' ? 'Asked for' : 'Your yes is counted';
    return messageOf([line(words`🙋 ${bold(ours(head))}: ${which(of)}. Nothing is changed yet.`), line(joined(waits(of, terms), '\n'))]);
  }
  return messageOf([line(words`✅ ${bold(ours('Approved'))}: ${which(of)}.`), line(ours(goesOn))]);
}

const asked = ({ requested }: Change): Words =>
  requested === null ? nothing : words` by ${user(requested.person.user)} at ${timeOf(requested.at)}`;

/** How an order stands, for somebody who came too late or too early. */
function standing(change: Change): Words {
  switch (change.state) {
    case 'proposed':
      return words`Nobody has asked for it yet.`;
    case 'requested':
      return words`It was already asked for${asked(change)}, and waits for approval.`;
    case 'approved':
      return words`It was already approved${approvedBy(change)}, and is about to begin.`;
    case 'running':
      return words`It was already approved${approvedBy(change)}, and is being done.`;
    case 'done':
      return change.result?.undoable === true
        ? words`It is done already, since ${timeOf(change.movedAt)}.`
        : words`It is done already, since ${timeOf(change.movedAt)}, and there is nothing to undo.`;
    case 'failed':
      return words`It was begun, and failed at ${timeOf(change.movedAt)}.`;
    case 'refused':
      return change.declinedBy === null
        ? words`It was refused at ${timeOf(change.movedAt)}, and nothing was changed.`
        : words`It was already declined by ${user(change.declinedBy)} at ${timeOf(change.movedAt)}.`;
    case 'expired':
      return words`Its time was over at ${timeOf(change.expiresAt)}, and nothing was changed.`;
    case 'undoing':
      return words`It is being undone${undoneBy(change)}.`;
    default:
      return words`It was undone at ${timeOf(change.movedAt)}${undoneBy(change)}.`;
  }
}

function undoneBy({ undoneBy: by }: Change): Words {
  if (by === null) return nothing;
  return by === 'end' ? words`, because its time was over` : words`, as ${user(by)} wanted`;
}

const nothingTo: Readonly<Record<Wanted, string>> = {
  request: 'It cannot be asked for now.',
  approve: 'There is nothing to approve.',
  decline: 'There is nothing to decline.',
  undo: 'There is nothing to undo.',
  stop: 'There is nothing to stop.',
  lines: 'There are no lines to show.',
};

/** Why an order stays as it is: somebody was faster, its time is over, or it is in another state. The policy's no is a `refusalMessage`. */
export function staysMessage({ why, change, record, wanted }: OfOrder & { why: 'expired' | 'state'; wanted: Wanted }): Message {
  const of = { change, record };
  if (why === 'expired')
    return messageOf([
      line(
        words`⌛ ${bold(ours('Its time is over'))}: ${which(of)}. The offer ended at ${timeOf(change.expiresAt)}, for the cluster may have changed since it was planned. Nothing was changed.`,
      ),
      line(words`To have it planned anew: check ${name(record.cluster)}`),
    ]);
  return messageOf([line(words`ℹ️ ${bold(standing(change))} ${ours(nothingTo[wanted])}`), aside(which(of))]);
}

const stops: Readonly<Record<'cancelled' | 'stopping' | 'over' | 'unknown', string>> = {
  cancelled: 'It is stopped before it began: nothing was changed.',
  stopping: 'It is being stopped: what is begun (one pod, one object) is brought to its end first, then nothing more is done.',
  over: 'It is over already: there is nothing to stop. The thread says what came of it.',
  unknown: 'There is no work to stop any more. The thread says what came of it.',
};

/** What became of the wish to stop an order that is being done. */
export const stopMessage = (outcome: 'cancelled' | 'stopping' | 'over' | 'unknown', of: OfOrder): Message =>
  messageOf([line(words`⏹️ ${which(of)}. ${bold(ours(stops[outcome]))}`)]);

export { remediesMessage, type RemedyOffer } from './remedies.ts';
