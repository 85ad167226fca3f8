import { sha512Hex } from '../../base/sha512.ts';
import { parseCorefile } from '../../formats/corefile/parser.ts';
import type { Judged, Standing } from '../corefile/config-map.ts';
import { asItWas, withoutQueryLog } from './lines.ts';
import { MARK, type Mark } from './mark.ts';

/** The name of a text in what is left in the cluster. */
export const textName = (text: string): string => sha512Hex(text);

/** What was put into a text: as the mark in the cluster keeps it, and the plan. */
export type Put = Pick<Mark, 'logged' | 'inserted' | 'classes' | 'before' | 'after'>;

/** A text without our lines. `exact`: it is byte for byte the one that stood there before. */
export interface TakenOut {
  text: string;
  exact: boolean;
}

/**
 * A text without our lines: byte for byte the one before where nobody has edited it, else without our lines alone. Null: somebody has edited it so
 * that our lines cannot be told from theirs.
 */
export function takenOut(text: string, { logged, inserted, classes, before, after }: Put): TakenOut | null {
  const name = textName(text);
  if (name === before) return { text, exact: true };
  const was = name === after ? asItWas(text, inserted) : null;
  if (was !== null && textName(was) === before) return { text: was, exact: true };
  const without = withoutQueryLog(text, logged, classes);
  return without === null ? null : { text: without, exact: false };
}

function whyNot(text: string): string {
  const { error } = parseCorefile(text);
  return error === null
    ? "somebody has edited the Corefile so that the bot's lines cannot be told from theirs"
    : `somebody has edited the Corefile, and it does not parse (line ${error.line}: ${error.message})`;
}

/** What to write so that queries are not logged any more, and the mark goes. */
export function judgeOff(put: Put, { text, annotations }: Standing): Judged {
  const isMarked = annotations[MARK] !== undefined;
  if (text === null) return { refused: 'the Corefile is gone from its ConfigMap' };
  const out = takenOut(text, put);
  if (out === null) return { refused: whyNot(text) };
  if (out.text === text && !isMarked) return { done: true };
  return { text: out.text, annotations: { [MARK]: null } };
}
