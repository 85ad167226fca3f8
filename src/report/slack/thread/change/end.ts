import type { ActResult } from '../../../../domain/plan.ts';
import type { Drawing } from '../../../../pictures/drawing.ts';
import { adviceWords, asSentence, newlySaid } from '../../../change-words.ts';
import type { Message } from '../../message.ts';
import { messageOf } from '../../text/compose.ts';
import { aside, line, type Part, prose } from '../../text/parts.ts';
import { bold, joined, name, nothing, ours, timeOf, user, type Words, words } from '../../text/words.ts';
import { changeButtons, type ChangeButton, endNowButton, linesButton, undoButton } from '../change-buttons.ts';
import { captureDrawings, captureParts, filesButtons, filesParts } from './capture.ts';
import { buttonOf, concerned, orderWords, standBehind, stateOf, type Told, whichWords } from './facts.ts';
import { orderHead, outcomeHead } from './heads.ts';
import { lastingParts, nextParts, proofParts, queryParts } from './outcome.ts';

const headLine = (told: Told, head: Words): Part => {
  const people = concerned(told);
  return line(joined([head, whichWords(told), people.text === '' ? nothing : words`for ${people}`], ' · '));
};

const ofTemporary = ({ order: { plan } }: Told): boolean => plan.endsAfterMs !== null;

/** Whether it stands in the cluster, and can be taken back by a press. */
const isUndoable = ({ order: { state, result, plan } }: Told): boolean =>
  (state === 'done' || state === 'failed') && result?.undoable === true && plan.undo !== null;

function buttonsFor(told: Told, result: ActResult): Part[] {
  const undo: ChangeButton[] = isUndoable(told) ? [ofTemporary(told) && told.order.endsAt !== null ? endNowButton : undoButton] : [];
  const lines = result.lines.length > 0 ? [linesButton] : [];
  return changeButtons([...undo, ...lines, ...filesButtons(result)], buttonOf(told));
}

/** What is so of it now, besides its result: undone, being undone, or how to undo it. */
function nowParts(told: Told): Part[] {
  const { order } = told;
  const by = order.undoneBy === null || order.undoneBy === 'end' ? ours(', because its time was over') : words` by ${user(order.undoneBy)}`;
  if (order.state === 'undone') return [line(words`${orderHead(told)} at ${timeOf(order.movedAt)}${by}`)];
  if (order.state === 'undoing') return [line(words`↩️ ${bold(ours('Is being undone'))}${by}`)];
  if (!isUndoable(told) || order.plan.undo === null) return nothingLeft(told);
  if (order.endsAt !== null)
    return [
      line(words`It ends by itself at ${timeOf(order.endsAt)}, also when the bot or Redis is away then.`),
      prose(`How it ends: ${asSentence(order.plan.undo)}`, 400),
    ];
  return [...adviceParts(order.result), prose(`To undo it: ${asSentence(order.plan.undo)}`, 400)];
}

const nothingLeft = ({ order: { state, result, plan } }: Told): Part[] =>
  state === 'failed' && result?.undoable === false && plan.undo !== null
    ? [line(ours('Nothing was written that would have to be undone.'))]
    : [];

function adviceParts(result: ActResult | null): Part[] {
  const advice = result === null ? null : adviceWords(result);
  return advice === null ? [] : [line(bold(ours(advice)))];
}

const helped = ({ proof }: ActResult): boolean => proof === 'fixed' || proof === 'none';

/** What the check says now, if a capture told it something. */
function saidParts(result: ActResult): Part[] {
  const said = newlySaid(result);
  return said === null ? [] : [prose(said, 700)];
}

function doneParts(told: Told, result: ActResult): Part[] {
  const { plan } = told.order;
  const stays = told.order.state !== 'undone' && result.outcome === 'applied' && helped(result) && result.queries === null;
  return [
    prose(asSentence(result.says), 700),
    ...saidParts(result),
    ...proofParts(result),
    ...(result.queries === null ? [] : queryParts(result.queries)),
    ...(result.capture ? captureParts(result.capture, drawingsOf(told)) : []),
    ...filesParts(result),
    ...nextParts(result.next),
    ...(stays ? lastingParts(plan) : []),
    ...nowParts(told),
    aside(joined([standBehind(told), orderWords(told)], ' · ')),
    ...buttonsFor(told, result),
  ];
}

/** Of a capture: its pictures. */
const drawingsOf = ({ order: { result }, cluster }: Told): Readonly<Record<string, Drawing>> =>
  result?.capture ? captureDrawings(result.capture, cluster) : {};

function notDone(told: Told): Part[] {
  const { order, cluster } = told;
  const expired = stateOf(told) === 'expired';
  const by = order.declinedBy === null ? nothing : words`${user(order.declinedBy)} said no.`;
  const late = expired ? ours('Its time was over before it was begun.') : nothing;
  return [
    ...(order.why === null ? [] : [prose(asSentence(order.why), 700)]),
    line(joined([by, late, words`${bold(ours('Nothing was changed.'))} To have it planned anew: check ${name(cluster)}`], ' ')),
    ...(order.result === null ? [] : nextParts(order.result.next)),
    aside(joined([standBehind(told), orderWords(told)], ' · ')),
  ];
}

/** How it came out, as it was told when it ended: what came later is told below. */
function headOf(told: Told): Words {
  const { order } = told;
  const isOut = order.state === 'undoing' || order.state === 'undone';
  if (!isOut) return orderHead(told);
  return order.result?.outcome === 'failed' ? orderHead({ ...told, order: { ...order, state: 'failed' } }) : outcomeHead(told);
}

/** What came of an order, for those who asked for it and approved it. Null until there is an end, and for offers that nobody took. */
export function endMessage(told: Told): Message | null {
  const { order } = told;
  const state = stateOf(told);
  if (state === 'refused' || state === 'expired')
    return order.requested === null ? null : messageOf([headLine(told, orderHead(told)), ...notDone(told)]);
  if (state !== 'done' && state !== 'failed' && state !== 'undoing' && state !== 'undone') return null;
  if (order.result !== null)
    return { ...messageOf([headLine(told, headOf(told)), ...doneParts(told, order.result)]), drawings: drawingsOf(told) };
  return messageOf([
    headLine(told, headOf(told)),
    prose(asSentence(order.why ?? 'What came of it is not known.'), 700),
    ...nowParts(told),
    aside(orderWords(told)),
  ]);
}

function undoneHead(told: Told): Words {
  const { order } = told;
  return order.state === 'undone' || order.state === 'undoing' ? orderHead(told) : words`❌ ${bold(ours('Could not be undone'))}`;
}

function retryWords({ order }: Told): Part[] {
  if (order.state === 'undone' || order.state === 'undoing') return [];
  return [
    line(
      order.endsAt === null
        ? words`${bold(ours('It still stands in the cluster.'))}`
        : words`${bold(ours('It still stands in the cluster.'))} It is tried again by itself.`,
    ),
  ];
}

function undoParts(told: Told, result: ActResult): Part[] {
  return [
    prose(asSentence(result.says), 700),
    ...retryWords(told),
    ...proofParts(result),
    ...(result.queries === null ? [] : queryParts(result.queries)),
    ...nextParts(result.next),
    aside(orderWords(told)),
    ...buttonsFor(told, result),
  ];
}

/** What came of undoing it, or of its end: for a query log the lines, summed up. Null until somebody or its time has ended it. */
export function undoneMessage(told: Told): Message | null {
  const { order } = told;
  if (order.undoResult !== null) return messageOf([headLine(told, undoneHead(told)), ...undoParts(told, order.undoResult)]);
  if (order.state !== 'undone') return null;
  return messageOf([
    headLine(told, undoneHead(told)),
    line(words`A worker found in the cluster that its time was over, and ended it from what stood there.`),
    aside(orderWords(told)),
  ]);
}
