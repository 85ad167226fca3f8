import type { Change, ChangeTerms } from '../../../../domain/change.ts';
import type { Plan } from '../../../../domain/plan.ts';
import type { RunRecord } from '../../../../domain/run.ts';
import { asSentence, onlyLooks, ownerWords, peopleWords, riskWords, shortOrder, span } from '../../../change-words.ts';
import { aside, bullets, line, listing, type Part, prose } from '../../text/parts.ts';
import { bold, channel, group, joined, listed, name, nothing, ours, timeOf, user, type Words, words } from '../../text/words.ts';
import { diffParts } from './diffs.ts';

/** What a review is made from. */
export interface UnderReview {
  change: Change;
  record: Pick<RunRecord, 'id' | 'cluster'>;
  terms: ChangeTerms;
  purpose: 'request' | 'approve' | 'undo';
}

const mostNames = 20;
const mostPods = 60;
const mostWarnings = 10;

const leads = {
  request: 'This is what will be done, and nothing else:',
  approve: 'This is what will be done when you approve, and nothing else:',
  undo: 'This was done, and will be taken back:',
} as const;

/** Who asked for it, and why. */
function askedParts({ change: { requested, reason, approvals }, purpose }: UnderReview): Part[] {
  if (requested === null || purpose === 'request') return [];
  const yes = approvals.map(({ person, at }) => words`${user(person.user)} at ${timeOf(at)}`);
  const by = words`asked for by ${user(requested.person.user)} at ${timeOf(requested.at)}`;
  return [
    line(joined([by, yes.length === 0 ? nothing : words`approved by ${listed(yes, mostNames)}`], ' · ')),
    prose(reason === null ? 'No reason was given.' : `Reason: ${reason}`, 600),
  ];
}

function podParts({ pods }: Plan): Part[] {
  if (pods.length === 0) return [];
  const lines = pods.map((pod, at) => `${at + 1}. ${pod.namespace}/${pod.name}${pod.node === null ? '' : ` on ${pod.node}`}`);
  return [listing('Pods, one after the other in this order', lines, { mostLines: mostPods, widest: 300 })];
}

function ownerParts(plan: Plan): Part[] {
  return ownerWords(plan)
    .slice(0, 5)
    .flatMap(({ says, durable }) => [
      prose(`⚠️ ${says}`, 600),
      ...(durable.length === 0 ? [] : [listing('So that it lasts', durable, { mostLines: 40, heaviest: 2800 })]),
    ]);
}

/** What the policy asks for, and of whom. Only one person sees it, so that it calls nobody. */
function mayWords({ terms }: UnderReview): Words {
  const { users, groups, channels } = terms.mayApprove;
  const who = [...groups.map((id) => group(id)), ...users.map((id) => user(id))];
  const where = [...new Set(channels)].filter((id) => id !== 'any');
  const from =
    where.length === 0 || channels.includes('any')
      ? nothing
      : words`, from ${listed(
          where.map((id) => channel(id)),
          mostNames,
        )}`;
  return who.length === 0 ? ours('The policy names nobody who may approve it.') : words`Who may approve: ${listed(who, mostNames)}${from}`;
}

function begins({ purpose, terms }: UnderReview): Words {
  if (purpose === 'undo') return ours('It begins as soon as you send this.');
  if (purpose === 'approve') return ours('It begins as soon as enough people have approved.');
  return ours(
    terms.people <= 1
      ? 'If you may approve, it begins as soon as you send this; else it waits for somebody who may.'
      : 'Sending this asks the others; nothing is changed until they have approved.',
  );
}

const lineIf = (text: string | null, max: number): Part[] => (text === null ? [] : [prose(text, max)]);

function termsPart(review: UnderReview): Part {
  const { plan } = review.change;
  const ends = plan.endsAfterMs === null ? nothing : words`${bold(ours('Ends:'))} by itself after ${ours(span(plan.endsAfterMs))}`;
  const approval =
    review.purpose === 'undo' ? nothing : words`${bold(ours('Approval:'))} ${ours(peopleWords(review.terms))} ${mayWords(review)}`;
  const risk = review.purpose === 'undo' ? nothing : words`${bold(ours('Risk:'))} ${ours(riskWords[plan.risk])}`;
  return line(joined([risk, ends, approval, begins(review)], '\n'));
}

function proofParts({ proves, effect }: Plan): Part[] {
  if (onlyLooks({ proves, effect })) return [line(words`${bold(ours('Proof:'))} none is needed, it only looks.`)];
  const within = words`${bold(ours('Proof:'))} ${
    proves.length === 0
      ? ours('the cluster is looked at before and after')
      : words`these checks, before and after: ${listed(
          proves.map((code) => name(code, 80)),
          10,
        )}`
  }. Waited for up to ${ours(span(effect.withinMs))}.`;
  return [line(within), ...lineIf(effect.why === '' ? null : asSentence(effect.why), 300)];
}

const undoPart = ({ undo }: Plan): Part =>
  undo === null ? line(words`${bold(ours('Undo:'))} none, and none is needed`) : prose(`Undo: ${asSentence(undo)}`, 600);

/** What was asked for in particular: `replicas=3`. */
function paramWords({ params }: Plan): Words {
  const said = Object.entries(params).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return said.length === 0 ? nothing : name(said.join(' '), 300);
}

/** The whole plan in blocks of a modal: at most about 60 of them, and far below the bytes that Slack takes. */
export function reviewParts(review: UnderReview): Part[] {
  const { change, record, purpose } = review;
  const { plan } = change;
  const until = purpose === 'undo' ? nothing : words`the offer ends at ${timeOf(change.expiresAt)}`;
  return [
    line(joined([name(plan.remedy, 60), paramWords(plan), words`in ${name(record.cluster)}`], ' ')),
    ...askedParts(review),
    line(ours(leads[purpose])),
    prose(asSentence(plan.summary), 1000),
    ...(purpose === 'undo' ? [] : lineIf(plan.helps === null ? null : asSentence(plan.helps), 800)),
    ...(plan.warnings.length === 0 || purpose === 'undo' ? [] : [bullets('⚠️ Mind', plan.warnings, mostWarnings)]),
    ...diffParts(plan, record.cluster),
    ...podParts(plan),
    ...(purpose === 'undo' ? [] : ownerParts(plan)),
    undoPart(plan),
    ...(purpose === 'undo' ? [] : proofParts(plan)),
    termsPart(review),
    aside(joined([until, words`order ${name(shortOrder(change.id), 12)}`, words`plan ${name(change.digest.slice(0, 12), 12)}`], ' · ')),
  ];
}
