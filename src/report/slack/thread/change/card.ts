import { asSentence, objectLine, ownerWords, peopleWords, riskWords, span } from '../../../change-words.ts';
import type { Message } from '../../message.ts';
import { messageOf } from '../../text/compose.ts';
import { aside, bullets, line, type Part, prose } from '../../text/parts.ts';
import { bold, joined, name, nothing, ours, timeOf, type Words, user, words } from '../../text/words.ts';
import { changeButtons, dismissButton, reviewButton, stopButton } from '../change-buttons.ts';
import { stepsShown } from '../plan.ts';
import { buttonOf, orderWords, standBehind, stateOf, type Told, whichWords } from './facts.ts';
import { orderHead } from './heads.ts';
import { barred } from './rests.ts';

const mostObjects = 8;
const mostWarnings = 4;

/** An order has few steps, and they say more: which pod, on which node, what is waited for. */
const few = { most: 25, widest: 170, longestReason: 80 };

const summaryPart = ({ order: { plan } }: Told): Part => prose(asSentence(plan.summary), 600);

const footer = (told: Told, ...more: Words[]): Part => aside(joined([standBehind(told), ...more, orderWords(told)], ' · '));

/** How many people the policy asks for; who they are is in the review, so that nobody is called by an offer. */
function approvalWords({ terms }: Told): Words {
  if (terms === null) return ours('who may approve is said in the review');
  const { users, groups } = terms.mayApprove;
  const who = [
    ...(users.length === 0 ? [] : [`${users.length} ${users.length === 1 ? 'person' : 'people'}`]),
    ...(groups.length === 0 ? [] : [`${groups.length} ${groups.length === 1 ? 'group' : 'groups'}`]),
  ];
  return ours(`${peopleWords(terms)}${who.length === 0 ? '' : ` ${who.join(' and ')} may approve: the review names them.`}`);
}

/** Risk, undo, its own end, and who has to say yes. */
function termsLines(told: Told): Part {
  const { plan } = told.order;
  const ends = plan.endsAfterMs === null ? nothing : words`${bold(ours('Ends:'))} by itself after ${ours(span(plan.endsAfterMs))}`;
  return line(
    joined(
      [words`${bold(ours('Risk:'))} ${ours(riskWords[plan.risk])}`, ends, words`${bold(ours('Approval:'))} ${approvalWords(told)}`],
      '\n',
    ),
  );
}

function touchedParts({ order: { plan } }: Told): Part[] {
  const pods = plan.pods.map((pod, at) => `${at + 1}. pod ${pod.namespace}/${pod.name}${pod.node === null ? '' : ` on ${pod.node}`}`);
  const owners = ownerWords(plan).map(({ says }) => says);
  return [
    ...(plan.objects.length === 0 ? [] : [bullets('What changes', plan.objects.map(objectLine), mostObjects)]),
    ...(pods.length === 0 ? [] : [bullets('Pods, in this order', pods, mostObjects)]),
    ...(owners.length === 0 ? [] : [bullets('⚠️ Will be taken back', owners, 3)]),
    ...(plan.warnings.length === 0 ? [] : [bullets('⚠️ Mind', plan.warnings, mostWarnings)]),
  ];
}

const undoPart = ({ order: { plan } }: Told): Part =>
  plan.undo === null ? line(words`${bold(ours('Undo:'))} none, and none is needed`) : prose(`Undo: ${asSentence(plan.undo)}`, 400);

/** An offer: what it does, to what, the risk, the way back, who must say yes, and until when. */
function proposed(told: Told): Part[] {
  const { order, terms } = told;
  const stop = barred(told);
  const buttons = stop === null ? changeButtons([reviewButton(terms?.people === 1), dismissButton], buttonOf(told)) : [line(stop)];
  return [
    summaryPart(told),
    ...(order.plan.helps === null ? [] : [prose(asSentence(order.plan.helps), 400)]),
    ...touchedParts(told),
    undoPart(told),
    termsLines(told),
    footer(told, words`the offer ends at ${timeOf(order.expiresAt)}`),
    ...buttons,
  ];
}

/** Why it came to nothing, in a line. */
function endWords(told: Told): Words {
  const { order } = told;
  const again = words`To have it planned anew: check ${name(told.cluster)}`;
  if (stateOf(told) === 'expired') {
    const what = order.requested === null ? 'Nobody asked for it in time.' : 'It was not begun in time.';
    return words`${ours(what)} Nothing was changed. ${again}`;
  }
  if (order.declinedBy === null) return words`Nothing was changed. ${again}`;
  return words`By ${user(order.declinedBy)} at ${timeOf(order.movedAt)}. Nothing was changed.`;
}

function ended(told: Told): Part[] {
  const { order } = told;
  const why = order.declinedBy === null && order.why !== null ? [prose(asSentence(order.why), 600)] : [];
  return [summaryPart(told), ...why, line(endWords(told)), footer(told)];
}

function liveParts(told: Told): { parts: Part[]; plain: Part['block'][] | null } {
  const { order, steps } = told;
  const isApply = order.state === 'running';
  const hasMore = order.plan.pods.length > 0 || steps.some(({ state }) => state === 'running' || state === 'pending');
  const stop = isApply && hasMore ? changeButtons([stopButton(order.plan.pods.length > 0)], buttonOf(told)) : [];
  const tail = [footer(told), ...stop];
  const head = summaryPart(told);
  if (steps.length === 0) return { parts: [head, line(ours('A worker begins with it.')), ...tail], plain: null };
  const shown = stepsShown(steps, false, few);
  const blocks = (parts: readonly Part[]): Part['block'][] => parts.map(({ block }) => block);
  return { parts: [head, ...shown.parts, ...tail], plain: [...blocks([head]), ...shown.plain, ...blocks(tail)] };
}

function bodyOf(told: Told): { parts: Part[]; plain: Part['block'][] | null } {
  const state = stateOf(told);
  if (state === 'proposed') return { parts: proposed(told), plain: null };
  if (state === 'running' || state === 'undoing') return liveParts(told);
  if (state === 'refused' || state === 'expired') return { parts: ended(told), plain: null };
  const wait = state === 'requested' ? 'the question stands below' : state === 'approved' ? '' : 'what came of it stands below';
  return { parts: [summaryPart(told), footer(told, ours(wait))], plain: null };
}

/** The card of an order. It changes in place through the order's whole life, and its buttons with it. */
export function orderCard(told: Told): Message {
  const head = line(words`${orderHead(told)} · ${whichWords(told)}`);
  const { parts, plain } = bodyOf(told);
  return messageOf([head, ...parts], plain === null ? null : [head.block, ...plain]);
}
