import { closest } from '../../rules/closest.ts';

/** A suggestion is short, or it is none. */
const LONGEST = 300;

const inPlaceOf = (word: string, other: string) => (each: string) => {
  if (each === word) return other;
  return /[=:]/.test(each.at(-word.length - 1) ?? '') && each.endsWith(word) ? each.slice(0, -word.length) + other : each;
};

const line = (words: readonly string[]): string | null => {
  const text = words.join(' ');
  return text.length <= LONGEST ? text : null;
};

/** The whole command with the nearest of `candidates` in place of `word`; null when nothing is near. */
export function meantBy(word: string, candidates: readonly string[], words: readonly string[]): string | null {
  const [nearest] = closest(word, candidates, 1);
  return nearest === undefined ? null : line(words.map(inPlaceOf(word, nearest)));
}

/** As `meantBy`, for a word that may be an option: its dashes and its value stay. */
export function optionMeantBy(word: string, candidates: readonly string[], words: readonly string[]): string | null {
  const [, dashes = '', name, value = ''] = /^(-*)([a-z-]+)(.*)$/i.exec(word) ?? [];
  const [nearest] = name === undefined ? [] : closest(name.toLowerCase(), candidates, 1);
  return nearest === undefined ? null : line(words.map(inPlaceOf(word, dashes + nearest + value)));
}

/** The command without the option `key`, and without a value that stands apart from it. */
export function without(key: string, words: readonly string[]): string | null {
  const isIt = (word: string | undefined): boolean => word !== undefined && new RegExp(`^-*${key}(?:[=:]|$)`, 'i').test(word);
  const standsApart = (word: string | undefined): boolean => isIt(word) && !/[=:]./.test(word ?? '');
  return line(words.filter((word, at) => !isIt(word) && !(standsApart(words[at - 1]) && /^\d+[a-z]*$/i.test(word))));
}
