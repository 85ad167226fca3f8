import { z } from 'zod';
import { CLASSES, Inserted, Logged } from './lines.ts';

/** The annotation of the ConfigMap while queries are logged: enough to end it without anything else that is kept anywhere. */
export const MARK = 'dns-medic/query-log';

/** Nobody may have queries logged for longer, in milliseconds. */
export const LONGEST_MS = 3_600_000;

const LARGEST = 20_000;

/** Texts are named by their SHA-512. Times are milliseconds since 1970. */
export const Mark = z.object({
  order: z.string().max(32),
  since: z.number(),
  endsAt: z.number(),
  key: z.string().max(253),
  classes: z.enum(CLASSES),
  /** Server blocks that our lines are in, and the very characters that were put in. */
  logged: z.array(Logged).min(1).max(50),
  inserted: z.array(Inserted).min(1).max(50),
  before: z.string().max(128),
  after: z.string().max(128),
});
export type Mark = z.infer<typeof Mark>;

/** The mark in an annotation; null: there is none, or it is not ours to understand. */
export function markIn(text: unknown): Mark | null {
  if (typeof text !== 'string' || text.length > LARGEST) return null;
  try {
    const mark = Mark.safeParse(JSON.parse(text));
    return mark.success ? mark.data : null;
  } catch {
    return null;
  }
}

/**
 * Whether its time is over. `writtenAt`: when the API server says that it was written; null: it does not say. Whatever our clocks have been told, nothing
 * is logged for longer than an hour behind that; a mark from the future, or with an end that is too far away, was made by a clock that was wrong.
 */
export function isOver({ since, endsAt }: Pick<Mark, 'since' | 'endsAt'>, writtenAt: number | null, now: number): boolean {
  const isLong = endsAt - since > LONGEST_MS + 60_000;
  const isOld = writtenAt !== null && now >= writtenAt + LONGEST_MS;
  const isAhead = now < since - 120_000;
  return now >= endsAt || isLong || isOld || isAhead;
}
