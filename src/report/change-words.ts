import type { ChangeTerms } from '../domain/change.ts';
import type { ActResult, NoPlan, ObjectRef, Plan, PlannedObject, Risk, Sight } from '../domain/plan.ts';
import { printable } from './printable.ts';

/** It changes nothing that could be proved. */
export const onlyLooks = ({ proves, effect }: Pick<Plan, 'proves' | 'effect'>): boolean => proves.length === 0 && effect.withinMs === 0;

/** What a risk means, in words. */
export const riskWords: Readonly<Record<Risk, string>> = {
  safe: 'safe (lookups go on while it is done)',
  disruptive: 'disruptive (pods restart, or lookups may fail for a moment)',
};

/** The part of an order's id that people see and type. */
export const shortOrder = (id: string): string => id.slice(0, 10);

const longest = 3000;

/** Somebody's words with a capital at their beginning: a sentence that may end in a command. */
export function capital(text: string): string {
  const said = printable(text, longest);
  // an identifier is written as it is
  return /^[a-z]+(?:[\s,;:]|$)/.test(said) ? `${said.charAt(0).toUpperCase()}${said.slice(1)}` : said;
}

/** Somebody's words as a sentence: a capital at its beginning, an end at its end. */
export function asSentence(text: string): string {
  const said = capital(text);
  return said === '' || /[.!?:…]$/.test(said) ? said : `${said}.`;
}

/** A time that was set, not measured: `90 s`, `15 min`, `2 min 30 s`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `ConfigMap kube-system/coredns`. */
export const objectName = ({ kind, namespace, name }: ObjectRef): string =>
  printable(`${kind} ${namespace === null ? '' : `${namespace}/`}${name}`, 300);

const did: Readonly<Record<PlannedObject['does'], string>> = {
  change: 'changed',
  create: 'created',
  delete: 'deleted',
  restart: 'restarted',
};

/** `ConfigMap kube-system/coredns is changed: 2 lines added, 1 taken away`. */
export function objectLine({ object, does, diff }: PlannedObject): string {
  const added = diff.filter((line) => line.startsWith('+')).length;
  const gone = diff.filter((line) => line.startsWith('-')).length;
  const lines = (count: number, what: string): string => `${count} ${count === 1 ? 'line' : 'lines'} ${what}`;
  const how = [...(added === 0 ? [] : [lines(added, 'added')]), ...(gone === 0 ? [] : [lines(gone, 'taken away')])].join(', ');
  return `${objectName(object)} is ${did[does]}${how === '' ? '' : `: ${how}`}`;
}

const managers = { 'eks-addon': 'the EKS add-on', helm: 'Helm', argocd: 'Argo CD', flux: 'Flux', autoscaler: 'an autoscaler' } as const;

/** Objects that somebody else keeps as they are: who, when a change is taken back, and the way that lasts. */
export const ownerWords = ({ objects }: Pick<Plan, 'objects'>): { says: string; durable: readonly string[] }[] =>
  objects.flatMap(({ object, owner }) =>
    owner === null
      ? []
      : [{ says: `${objectName(object)} is kept by ${managers[owner.manager]}. ${asSentence(owner.takesBack)}`, durable: owner.durable }],
  );

const nobody = ({ users, groups }: ChangeTerms['mayApprove']): boolean => users.length + groups.length === 0;

/** Whether nobody at all may approve it: then it can never be done. */
export const lacksApprovers = ({ mayApprove }: ChangeTerms): boolean => nobody(mayApprove);

/** How many people it takes, in a sentence. */
export const peopleWords = ({ people }: Pick<ChangeTerms, 'people'>): string =>
  people <= 1
    ? 'One person suffices: whoever asks for it and may approve it starts it.'
    : `It takes ${people} people: the one who asks, and ${people === 2 ? 'another who approves' : `${people - 1} others who approve`}.`;

const statuses: Readonly<Record<Sight['status'], string>> = {
  broken: 'broken',
  degraded: 'degraded',
  healthy: 'healthy',
  unknown: 'could not tell',
};

/** What a look saw of DNS: `broken`, and the causes that are not said elsewhere: `broken (corefile-no-forward)`. */
function sightWords(sight: Sight | null, saidElsewhere: readonly string[]): string {
  if (sight === null) return 'not seen';
  const causes = sight.causes.filter((cause) => !saidElsewhere.includes(cause));
  const named = causes.slice(0, 3).join(', ') + (causes.length > 3 ? ` and ${causes.length - 3} more` : '');
  return printable(`${statuses[sight.status]}${named === '' ? '' : ` (${named})`}`, 300);
}

const outcomes: Readonly<Record<string, string>> = {
  passed: 'not found',
  found: 'found',
  'not-applicable': 'does not apply',
  unknown: 'could not tell',
};

const checkWords = (sight: Sight | null, code: string): string => {
  const status = sight !== null && Object.hasOwn(sight.checks, code) ? (sight.checks[code] ?? '') : '';
  return Object.hasOwn(outcomes, status) ? (outcomes[status] ?? '') : 'not seen';
};

/** What a check says with what was captured, where that is new. */
export const newlySaid = ({ verdict }: Pick<ActResult, 'verdict'>): string | null =>
  verdict ? asSentence(`With this the check says: ${verdict.sentence}${verdict.cause === null ? '' : ` (${verdict.cause})`}`) : null;

/** Before and after as rows, the whole first, then each check that proves. Empty where nothing was looked at, or nothing was changed. */
export function beforeAfter({
  before,
  after,
  capture,
}: Pick<ActResult, 'before' | 'after' | 'capture'>): { what: string; before: string; after: string }[] {
  if ((before === null && after === null) || capture) return [];
  const codes = [...new Set([...Object.keys(before?.checks ?? {}), ...Object.keys(after?.checks ?? {})])].slice(0, 12);
  const told = codes.filter((code) => checkWords(before, code) === 'found' || checkWords(after, code) === 'found');
  const rows = told.map((code) => ({ what: printable(code, 80), before: checkWords(before, code), after: checkWords(after, code) }));
  return [{ what: 'DNS', before: sightWords(before, told), after: sightWords(after, told) }, ...rows];
}

/** What is said of a proof, beside the two looks. */
export const proofSentences: Readonly<Record<ActResult['proof'], string>> = {
  fixed: 'What was found before is gone.',
  another: 'What was found before is gone, but lookups fail for another cause: check again.',
  'no-change': 'No change: what was found before is still there.',
  worse: 'It is worse than before: something is broken now that was not.',
  unknown: 'Whether it helped could not be seen.',
  none: 'There was nothing to prove: the checks that would show it had found nothing before.',
};

/** What to do about a change that did not help; null where it did, or nothing is left of it. */
export function adviceWords({ proof, undoable }: Pick<ActResult, 'proof' | 'undoable'>): string | null {
  if (!undoable) return null;
  if (proof === 'worse') return 'Undo it, unless you know why it has to stay.';
  return proof === 'no-change' ? 'It did not help: undo it, unless you know why it has to stay.' : null;
}

/** Why there is no plan, in a word or two. */
export const whyNone: Readonly<Record<NoPlan['why'], string>> = {
  rights: 'a right is missing',
  unsafe: 'not safe now',
  'not-needed': 'not needed',
  'not-here': 'not for this cluster',
  owned: 'somebody else decides it',
  unknown: 'could not be told',
};
