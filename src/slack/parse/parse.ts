import type { RemedyKind } from '../remedy-kind.ts';
import { type Command, type Complaint, type Usage, usage, type Verb } from './command.ts';
import { complaintOf } from './complaint.ts';
import { meantBy, optionMeantBy } from './meant.ts';
import { LONGEST_TEXT, normalise } from './normalise.ts';
import { remedyIn } from './remedy.ts';
import { OPTIONS, type OptionKey, SECONDS, type Sorted, sortWords, wordsOf } from './sort-words.ts';

/** What the bot knows of when it reads a command: names of clusters, remedies, and its own user id where it may be mentioned. */
export interface Known {
  clusters: readonly string[];
  remedies?: readonly RemedyKind[];
  bot?: string;
}

type Named = Exclude<Verb, 'form'>;
type Parsed = Command | Usage;

const VERBS: readonly Named[] = ['check', 'doctor', 'history', 'status', 'cancel', 'clusters', 'remedy', 'remedies', 'help'];
const ALIASES: Readonly<Record<string, Named>> = { '?': 'help', '-h': 'help', '--help': 'help', stop: 'cancel', list: 'clusters' };
const OF_A_CHECK = OPTIONS.filter((key) => key !== 'run');

const verbOf = (word: string): Named | null => {
  const lower = word.toLowerCase();
  return VERBS.find((verb) => verb === lower) ?? (Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? null) : null);
};

/** A command under way. `typed`: the words that are no options, after the verb. */
interface Reading {
  words: readonly string[];
  sorted: Sorted;
  typed: readonly string[];
  clusters: readonly string[];
  remedies: readonly RemedyKind[];
}

/** The remedy that captures packets. */
const CAPTURE = 'capture-packets';

const option = ({ options }: Sorted, wanted: OptionKey): string | undefined =>
  options.find(({ key }) => key === wanted)?.value ?? undefined;

/** Nobody needs to write `cluster=`, so it is not what they meant. */
const suggested = (keys: readonly OptionKey[]): OptionKey[] => keys.filter((key) => key !== 'cluster');

/** A complaint about the first word that has no place in the command; null when each has one. */
function surplus(about: Named, { words, sorted, typed }: Reading, taken: number, keys: readonly OptionKey[]): Usage | null {
  const foreign = sorted.options.find(({ key }) => !keys.includes(key))?.key;
  const word = typed[taken] ?? sorted.unknown[0] ?? foreign;
  return word === undefined ? null : usage('unknown-word', about, { word, didYouMean: optionMeantBy(word, suggested(keys), words) });
}

/** The cluster that is named, never one that is only like it; and nothing else is said but what `keys` allow. */
function clusterOf(about: Named, reading: Reading, keys: readonly OptionKey[]): { cluster: string } | Usage {
  const { sorted, typed, words, clusters } = reading;
  const given = option(sorted, 'cluster');
  const name = given ?? typed[0];
  if (name === undefined) return surplus(about, reading, 0, keys) ?? usage('no-cluster', about);
  if (!clusters.includes(name)) return usage('unknown-cluster', about, { word: name, didYouMean: meantBy(name, clusters, words) });
  return surplus(about, reading, given === undefined ? 1 : 0, keys) ?? { cluster: name };
}

/** A check that also plans a capture, for so many seconds; null: as many as are usual. */
function captured(value: string | null, about: { cluster: string; complaint: Complaint }, remedies: readonly RemedyKind[]): Parsed {
  const [, seconds] = SECONDS.exec(value ?? '') ?? [];
  const params = {
    ...(seconds === undefined ? {} : { seconds }),
    ...(about.complaint.node === null ? {} : { node: about.complaint.node }),
  };
  const wrong = remedies.find(({ id }) => id === CAPTURE)?.wrong?.(params) ?? null;
  if (wrong !== null || (seconds === undefined && value !== null))
    return usage('bad-value', 'check', { word: value, expected: 'expected capture, or for how many seconds: capture=30s (5 to 120)' });
  return { verb: 'remedy', ...about, remedy: { id: CAPTURE, params }, reason: null };
}

function check(reading: Reading): Parsed {
  const found = clusterOf('check', reading, OF_A_CHECK);
  if ('verb' in found) return found;
  const complaint = complaintOf(reading.sorted.options);
  if ('verb' in complaint) return complaint;
  const { cluster } = found;
  const capture = reading.sorted.options.find(({ key }) => key === 'capture');
  return capture === undefined ? { verb: 'check', cluster, complaint } : captured(capture.value, { cluster, complaint }, reading.remedies);
}

function ofCluster(verb: 'doctor' | 'history', reading: Reading): Parsed {
  const found = clusterOf(verb, reading, ['cluster']);
  return 'verb' in found ? found : { verb, ...found };
}

function ofRun(verb: 'status' | 'cancel', reading: Reading): Parsed {
  const given = option(reading.sorted, 'run');
  const rest = surplus(verb, reading, given === undefined ? 1 : 0, ['run']);
  if (rest !== null) return rest;
  const named = given ?? reading.typed[0];
  if (named === undefined) return { verb, run: null };
  const run = named.replace(/^#/, '').toLowerCase();
  if (/^[0-9a-f]{10}$/.test(run)) return { verb, run };
  const didYouMean = verb === 'status' && reading.clusters.includes(named) ? `history ${named}` : null;
  return usage('bad-run', verb, { word: named, expected: 'expected the ten characters of a run, such as 0a1b2c3d4e', didYouMean });
}

function ofVerb(verb: Exclude<Named, 'remedy'>, reading: Reading): Parsed {
  if (verb === 'check') return check(reading);
  if (verb === 'doctor' || verb === 'history') return ofCluster(verb, reading);
  if (verb === 'status' || verb === 'cancel') return ofRun(verb, reading);
  return verb === 'help' ? { verb } : (surplus(verb, reading, 0, []) ?? { verb });
}

function read(words: readonly string[], { clusters, remedies = [] }: Known): Parsed {
  if (words.length === 0) return { verb: 'form' };
  const sorted = sortWords(words, (word) => clusters.includes(word) || verbOf(word) !== null);
  const [first, ...typed] = sorted.plain;
  const verb = first === undefined ? null : verbOf(first);
  if (verb === 'remedy') return remedyIn(words, first ?? '', { clusters, remedies });
  if (verb !== null) return ofVerb(verb, { words, sorted, typed, clusters, remedies });
  if (first === undefined || clusters.includes(first)) return check({ words, sorted, typed: sorted.plain, clusters, remedies });
  return usage('unknown-word', null, { word: first, didYouMean: meantBy(first, [...VERBS, ...clusters], words) });
}

/** What is said to the bot in a message that mentions it: what follows the mention, or else what stands before it. */
function addressed(text: string, bot: string | undefined): string {
  if (bot === undefined) return text;
  const [before = '', ...after] = text.split(new RegExp(`<@${bot}(?:\\|[^<>]*)?>`));
  return after.join(' ').trim() || before;
}

/** What a person asks for in the text of a slash command or a mention. Never throws, and never takes a name for another that is like it. */
export function parseCommand(text: string, known: Known): Command | Usage {
  if (text.length > LONGEST_TEXT) return usage('too-long', null, { expected: `expected at most ${LONGEST_TEXT} characters` });
  return read(wordsOf(normalise(addressed(text, known.bot))), known);
}
