import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { aside, line, listing, type Part, prose } from '../text/parts.ts';
import { bold, name, ours, type Words, words } from '../text/words.ts';
import { usageOf } from './commands.ts';
import { commandsPart } from './help.ts';

/** A command that was not understood, as the parser tells it. */
export interface UsageProblem {
  problem:
    | 'too-long'
    | 'unknown-word'
    | 'no-cluster'
    | 'unknown-cluster'
    | 'no-value'
    | 'bad-value'
    | 'too-many-names'
    | 'bad-run'
    | 'no-remedy'
    | 'unknown-remedy'
    | 'bad-param'
    | 'no-reason-text';
  /** The command that it was read as; null when it could not be told. */
  about: string | null;
  /** The word that is wrong, as typed: it may be anything. */
  word: string | null;
  /** What is expected in its place. */
  expected: string | null;
  /** The whole command as it was probably meant. */
  didYouMean: string | null;
}

const problems: Record<UsageProblem['problem'], (word: Words) => Words> = {
  'too-long': () => words`That is too long.`,
  'unknown-word': (word) => words`${word} means nothing to me here.`,
  'no-cluster': () => words`Which cluster? None was named.`,
  'unknown-cluster': (word) => words`There is no cluster ${word}.`,
  'no-value': (word) => words`${word} has no value.`,
  'bad-value': (word) => words`${word} cannot be taken.`,
  'too-many-names': () => words`Those are too many names.`,
  'bad-run': (word) => words`${word} is not the id of a run.`,
  'no-remedy': () => words`Which remedy? None was named.`,
  'unknown-remedy': (word) => words`There is no remedy ${word}.`,
  'bad-param': (word) => words`${word} cannot be taken by this remedy.`,
  'no-reason-text': () => words`No reason stands behind reason=.`,
};

function meantParts({ problem, didYouMean }: UsageProblem, commandName: string): Part[] {
  if (didYouMean !== null) return [listing('Did you mean', [`${commandName} ${didYouMean}`])];
  const ofCluster = problem === 'no-cluster' || problem === 'unknown-cluster';
  if (problem === 'no-remedy' || problem === 'unknown-remedy' || problem === 'bad-param')
    return [line(words`The remedies, and what each takes: ${name(`${commandName} remedies`, 60)}`)];
  return ofCluster ? [line(words`The clusters: ${name(`${commandName} clusters`, 60)}`)] : [];
}

/** What was not understood, what may have been meant, and how it is written. Nothing was started. */
export function usageMessage(wrong: UsageProblem, commandName: string): Message {
  const usage = wrong.about === null ? null : usageOf(wrong.about);
  const says = problems[wrong.problem](wrong.word === null ? ours('That') : name(wrong.word, 200));
  return messageOf([
    line(words`❓ ${bold(ours('Nothing was started.'))} ${says}`),
    ...(wrong.expected === null ? [] : [prose(`${wrong.expected.charAt(0).toUpperCase()}${wrong.expected.slice(1)}.`, 400)]),
    ...meantParts(wrong, commandName),
    usage === null ? commandsPart(commandName) : listing('It is written', [`${commandName} ${usage}`]),
    aside(words`All commands: ${name(`${commandName} help`, 60)}`),
  ]);
}
