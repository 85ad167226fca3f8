/** What may be said of a check: `key` takes a value, unless it is `quick`. */
export const OPTIONS = ['pod', 'node', 'name', 'quick', 'capture', 'cluster', 'run'] as const;
export type OptionKey = (typeof OPTIONS)[number];

/** Other words for them. */
const ALIASES: Readonly<Record<string, OptionKey>> = { names: 'name', host: 'name', workload: 'pod', deployment: 'pod' };

/** For how long packets are captured: `30s`, `30`. */
export const SECONDS = /^(\d{1,4})s?$/i;

/** An option as it was given; `value` null when nothing was said after it. */
export interface Given {
  key: OptionKey;
  value: string | null;
}

/** The words of a command, sorted: those that stand for themselves, the options, and what looks like an option and is none. */
export interface Sorted {
  plain: string[];
  options: Given[];
  unknown: string[];
}

const OPTION = /^(-*)([a-z]+)(?:([=:])(.*))?$/i;
const isKey = (word: string): word is OptionKey => (OPTIONS as readonly string[]).includes(word);
const keyOf = (word: string): OptionKey | null => (isKey(word) ? word : Object.hasOwn(ALIASES, word) ? (ALIASES[word] ?? null) : null);

const unquoted = (word: string): string => word.replace(/^["'`]+|["'`,;]+$/g, '');

/** The option that a word begins, however it is written: `--pod`, `-pod=x`, `pod:x`, `pod=x`, `POD=x`. */
function optionOf(word: string): Given | null {
  const [, , name = '', , value] = OPTION.exec(word) ?? [];
  const key = keyOf(name.toLowerCase());
  return key === null ? null : { key, value: value === undefined || value === '' ? null : unquoted(value) };
}

/** Whether a word may be the value of an option that stands before it: what needs no value takes none that looks like something else. */
const mayTake = (key: OptionKey, next: string): boolean => (key === 'capture' ? SECONDS.test(next) : key !== 'quick');

/** The text of a normalised command as words without quotes. */
export const wordsOf = (text: string): string[] =>
  text
    .replace(/ ?= ?/g, '=')
    .split(' ')
    .map(unquoted)
    .filter((word) => word !== '');

/** `isName`: words that are names even where they look like options. */
export function sortWords(words: readonly string[], isName: (word: string) => boolean): Sorted {
  const sorted: Sorted = { plain: [], options: [], unknown: [] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const option = isName(word) ? null : optionOf(word);
    if (option === null) {
      (/^-+[a-z]/i.test(word) && !isName(word) ? sorted.unknown : sorted.plain).push(word);
      continue;
    }
    const next = words[at + 1];
    const takesNext = option.value === null && next !== undefined && optionOf(next) === null && mayTake(option.key, next);
    sorted.options.push(takesNext ? { ...option, value: next } : option);
    if (takesNext) at += 1;
  }
  return sorted;
}
