/** A place that a query passes, in the order of its way out. */
export interface Hop {
  kind: 'client' | 'client-node' | 'service' | 'network' | 'server-node' | 'server' | 'upstream';
  /** Its name; cut in the middle where it is too long. */
  label: string;
  /** An address or a word more; may be empty. */
  detail: string;
}

/**
 * What went from a hop to the next one. `from` and `to` are indexes of neighbours; a reply goes back, so its `to` is the smaller one. Where nobody
 * captured between two hops, leave out the hops between them, or say `not-seen`.
 */
export interface Leg {
  from: number;
  to: number;
  direction: 'request' | 'reply';
  /** How many left, and how many of them came; null: not counted there. */
  sent: number | null;
  arrived: number | null;
  /** `not-reached`: nothing came so far that it could go on; `not-seen`: there was no capture that could see it. */
  state: 'ok' | 'lost' | 'partly' | 'refused' | 'not-reached' | 'not-seen';
}

/** `lost`: between two hops; `unanswered`: the last hop got it and was silent. */
export type Outcome = 'ok' | 'lost' | 'unanswered' | 'refused' | 'slow' | 'unknown';

/** Where a way stopped: an index into the hops or the legs, and what to say of it in two or three words, such as `lost here`. */
export interface Stop {
  at: 'hop' | 'leg';
  index: number;
  word: string;
}

/** The way of a query to one server. At most 7 hops and 14 legs are drawn. */
export interface WayPicture {
  title: string;
  /** A short sentence. */
  verdict: string;
  outcome: Outcome;
  hops: readonly Hop[];
  legs: readonly Leg[];
  stoppedAt: Stop | null;
}

/** Several ways under one headline. */
export interface WaysPicture {
  title: string;
  verdict: string;
  ways: readonly WayPicture[];
}

const MOST_HOPS = 7;
const MOST_LEGS = 14;

/** The legs that are drawn, with their index in the picture, which a stop names: between neighbours, and the first where there are several. */
export function drawnLegs({ hops, legs }: WayPicture): { leg: Leg; index: number }[] {
  const count = Math.min(hops.length, MOST_HOPS);
  const taken = new Set<string>();
  const fits = ({ from, to, direction }: Leg): boolean => {
    const isHop = Number.isInteger(from) && Math.min(from, to) >= 0 && Math.max(from, to) < count;
    const place = `${from} ${to}`;
    if (!isHop || to - from !== (direction === 'request' ? 1 : -1) || taken.has(place)) return false;
    taken.add(place);
    return true;
  };
  return legs
    .slice(0, MOST_LEGS)
    .map((leg, index) => ({ leg, index }))
    .filter(({ leg }) => fits(leg));
}

/** The hops that are drawn. */
export const drawnHops = ({ hops }: WayPicture): readonly Hop[] => hops.slice(0, MOST_HOPS);

const isCount = (value: number | null): value is number => value !== null && Number.isSafeInteger(value) && value >= 0;

// not all is never 100 %: what is lost is not rounded away
function share(arrived: number, sent: number): string {
  if (arrived >= sent) return 'all';
  return arrived === 0 ? 'none' : `${Math.max(1, Math.floor((arrived / sent) * 100))} %`;
}

/** `9 of 20`, in the longest of some forms that `fits`; nothing where nothing was counted. */
export function counts({ sent, arrived }: Pick<Leg, 'sent' | 'arrived'>, fits: (text: string) => boolean = () => true): string {
  if (isCount(sent) && isCount(arrived)) {
    return [`${arrived} of ${sent}`, `${arrived}/${sent}`, share(arrived, sent)].find(fits) ?? '';
  }
  if (isCount(arrived)) return [`${arrived} came`, `${arrived}`].find(fits) ?? '';
  if (isCount(sent)) return [`${sent} sent`, `${sent}`].find(fits) ?? '';
  return '';
}
