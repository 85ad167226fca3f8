import { z } from 'zod';
import { closest } from '../rules/closest.ts';

/** `did you mean "probe"?` or '' when nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [nearest] = closest(word, known, 1);
  return nearest === undefined ? '' : `did you mean "${nearest}"?`;
}

const unknownKey = (key: string, known: readonly string[]): string =>
  `unknown key${`: ${didYouMean(key, known)}`.replace(/: $/, '')} (allowed: ${known.join(', ')})`;

/** A map with these keys and no others. An unknown key is an error; its message has a line for each such key. */
export function strict<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownKey(key, known)).join('\n')
        : `expected a map with ${known.join(', ')}`,
  });
}

/** A string that passes `test`; not an empty one when no test is given. The error says what is expected, whatever was given instead. */
export function stringOf(expected: string, test: (value: string) => boolean = (value) => value !== ''): z.ZodString {
  return z.string({ error: expected }).refine(test, { error: expected });
}
