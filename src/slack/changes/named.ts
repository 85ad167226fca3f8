import { ChangeId } from '../../domain/change.ts';
import { type Place, RunId } from '../../domain/run.ts';
import { placeFromMetadata, placeToMetadata } from '../metadata.ts';

/** Which order is meant: the run whose check proposed it, and its own id. */
export interface ChangeName {
  run: string;
  change: string;
}

/** What somebody wants to do with an order in a window. */
export const PURPOSES = ['request', 'approve', 'undo'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A window about an order: where it was opened, what for, and which order. */
export interface Review extends ChangeName {
  place: Pick<Place, 'channel' | 'thread'>;
  purpose: Purpose;
}

/** Both ids, with a dot and two spaces between all parts of a window's text; no button or window of ours carries more. */
const LONGEST = 160;

/** The order that a button names: `RUN.CHANGE` and nothing else. It comes from a client: null for anything that we never wrote. */
export function changeNamed(value: unknown): ChangeName | null {
  if (typeof value !== 'string' || value.length > LONGEST) return null;
  const [run, change, ...more] = value.split('.');
  return more.length === 0 && RunId.safeParse(run).success && ChangeId.safeParse(change).success
    ? { run: run as string, change: change as string }
    : null;
}

/** What a window about an order carries with it: ids only, as it comes back by way of a client. */
export const reviewToMetadata = ({ place, purpose, run, change }: Review): string =>
  `${placeToMetadata(place)} ${purpose} ${run}.${change}`;

/** What a window carries; null for anything that we never wrote. It says which order and where, and never who, whether or what. */
export function reviewFromMetadata(metadata: string): Review | null {
  if (metadata.length > LONGEST) return null;
  const [where = '', what, named, ...more] = metadata.split(' ');
  const place = placeFromMetadata(where);
  const purpose = PURPOSES.find((one) => one === what);
  const name = changeNamed(named);
  return place === null || purpose === undefined || name === null || more.length > 0 ? null : { place, purpose, ...name };
}
