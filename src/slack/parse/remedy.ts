import type { RemedyKind } from '../remedy-kind.ts';
import { type Command, type Usage, usage } from './command.ts';
import { complaintOf } from './complaint.ts';
import { meantBy, optionMeantBy } from './meant.ts';
import { type Given, sortWords } from './sort-words.ts';

type Parsed = Extract<Command, { verb: 'remedy' }> | Usage;

/** What the bot knows of when it reads the command. */
export interface Names {
  clusters: readonly string[];
  remedies: readonly RemedyKind[];
}

const LONGEST_REASON = 500;
const LONGEST_VALUE = 253;
const COMPLAINT = ['pod', 'node', 'name'];
const NOT_PARAMS = /^--?(?:param|p)$/;

/** What stands behind `reason=` is the reason, to the end. Null: none was written. */
function withoutReason(words: readonly string[]): { words: string[]; reason: string | null } {
  const at = words.findIndex((word) => /^-*reason[=:]/i.test(word));
  if (at === -1) return { words: [...words], reason: null };
  const said = words
    .slice(at)
    .join(' ')
    .replace(/^-*reason[=:]\s*/i, '');
  return { words: words.slice(0, at), reason: said.replace(/^["'`]+|["'`]+$/g, '').slice(0, LONGEST_REASON) };
}

const pairIn = (word: string): [string, string] | null => {
  const [, key, value] = /^-*([a-z][\w-]*)=(.*)$/i.exec(word) ?? [];
  return key === undefined || value === undefined ? null : [key, value.replace(/^["'`]+/, '')];
};

/** The cluster and the remedy, in either order: the terminal has it the other way round. */
function namesIn(
  plain: readonly string[],
  { clusters, remedies }: Names,
  given: string | null,
): { cluster: string | null; rest: string[] } {
  if (given !== null) return { cluster: given, rest: [...plain] };
  const [first, second, ...more] = plain;
  const isRemedy = remedies.some(({ id }) => id === first?.toLowerCase());
  const turned = first !== undefined && !clusters.includes(first) && (isRemedy || clusters.includes(second ?? ''));
  if (!turned) return { cluster: first ?? null, rest: plain.slice(1) };
  return { cluster: second ?? null, rest: [first, ...more] };
}

/** What the remedy is to be done with, or what is wrong with that. */
function paramsOf({ paramHelp = {}, wrong }: RemedyKind, pairs: readonly [string, string][]): Record<string, string> | Usage {
  const params: Record<string, string> = {};
  for (const [key, value] of pairs) {
    if (value === '') return usage('no-value', 'remedy', { word: key, expected: `expected ${key}=VALUE: ${paramHelp[key] ?? ''}` });
    if (value.length > LONGEST_VALUE)
      return usage('bad-value', 'remedy', { word: value, expected: `expected at most ${LONGEST_VALUE} characters` });
    if (Object.hasOwn(params, key)) return usage('bad-param', 'remedy', { word: key, expected: `expected ${key} once` });
    params[key] = value;
  }
  const says = wrong?.(params) ?? null;
  return says === null ? params : usage('bad-param', 'remedy', { expected: says.replace(/\.$/, '') });
}

const isUsage = (value: object): value is Usage => 'problem' in value;

/** The first word that has no place in the command, and what may have been meant: another key, or a reason. */
function surplus(word: string, kind: RemedyKind, words: readonly string[]): Usage {
  const keys = [...Object.keys(kind.paramHelp ?? {}), ...COMPLAINT, 'reason'];
  const at = words.indexOf(word);
  const asReason =
    pairIn(word) === null && at > 0 && !word.startsWith('-')
      ? [...words.slice(0, at), `reason=${words.slice(at).join(' ')}`].join(' ')
      : null;
  return usage('unknown-word', 'remedy', { word, didYouMean: optionMeantBy(word, keys, words) ?? asReason });
}

/** Which of the words are parameters of this remedy. */
function ownPairs(words: readonly string[], { paramHelp = {} }: RemedyKind): { pairs: [string, string][]; rest: string[] } {
  const pairs = words.map((word) => ({ word, pair: pairIn(word) }));
  const isOwn = (pair: [string, string] | null): pair is [string, string] => pair !== null && Object.hasOwn(paramHelp, pair[0]);
  return {
    pairs: pairs.flatMap(({ pair }) => (isOwn(pair) ? [pair] : [])),
    rest: pairs.filter(({ word, pair }) => !isOwn(pair) && !NOT_PARAMS.test(word)).map(({ word }) => word),
  };
}

const foreign = ({ key }: Given): boolean => !COMPLAINT.includes(key) && key !== 'cluster';

/** Reads `remedy CLUSTER ID [key=value ...] [pod=NS/NAME] [reason=WORDS]`. `words`: all of the command; `verb`: the word that it begins with. */
export function remedyIn(all: readonly string[], verb: string, names: Names): Parsed {
  const { words, reason } = withoutReason(all);
  if (reason === '') return usage('no-value', 'remedy', { word: 'reason', expected: 'expected reason=WORDS' });
  const { clusters, remedies } = names;
  const ids = remedies.map(({ id }) => id);
  const kind = remedies.find(({ id }) => words.some((word) => word.toLowerCase() === id));
  const { pairs, rest } = ownPairs(words, kind ?? { id: '', title: '', helps: '' });
  const sorted = sortWords(rest, (word) => clusters.includes(word) || ids.includes(word.toLowerCase()) || word === verb);
  const plain = sorted.plain.filter((_word, at) => at !== sorted.plain.indexOf(verb));
  const given = sorted.options.find(({ key }) => key === 'cluster')?.value ?? null;
  const { cluster, rest: left } = namesIn(plain, names, given);
  if (cluster === null) return usage('no-cluster', 'remedy');
  if (!clusters.includes(cluster))
    return usage('unknown-cluster', 'remedy', { word: cluster, didYouMean: meantBy(cluster, clusters, all) });
  const [id, ...more] = left;
  if (id === undefined) return usage('no-remedy', 'remedy', { expected: 'expected the name of a remedy: the command remedies lists them' });
  if (kind?.id !== id.toLowerCase()) return usage('unknown-remedy', 'remedy', { word: id, didYouMean: meantBy(id, ids, all) });
  const odd = more[0] ?? sorted.unknown[0] ?? sorted.options.find(foreign)?.key;
  if (odd !== undefined) return surplus(odd, kind, words);
  const params = paramsOf(kind, pairs);
  if (isUsage(params)) return params;
  const complaint = complaintOf(sorted.options);
  if ('verb' in complaint) return { ...complaint, about: 'remedy' };
  return { verb: 'remedy', cluster, remedy: { id: kind.id, params }, complaint, reason };
}
