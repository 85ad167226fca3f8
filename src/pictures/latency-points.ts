/** A query of the capture: when it was sent, and after how many milliseconds its reply came; null: none came. */
export interface Exchange {
  atMs: number;
  latencyMs: number | null;
}

export interface Answered {
  atMs: number;
  latencyMs: number;
}

/** So many dots are drawn at most. */
export const MOST_DOTS = 2000;
/** Moments that the time is cut into when there are more: each keeps its fastest, its slowest and two others. */
const MOMENTS = MOST_DOTS / 4;

export interface Sorted {
  answered: Answered[];
  /** The times of the queries without a reply. */
  lost: number[];
}

/** Answered and lost queries; what has a number that is no time (negative, longer than years) is left out. */
export function sorted(exchanges: readonly Exchange[]): Sorted {
  const answered: Answered[] = [];
  const lost: number[] = [];
  for (const { atMs, latencyMs } of exchanges) {
    if (!isTime(atMs)) continue;
    if (latencyMs === null) lost.push(atMs);
    else if (isTime(latencyMs)) answered.push({ atMs, latencyMs });
  }
  return { answered, lost };
}

/** Three years: no capture lasts longer, and no axis has to hold more. */
const LONGEST_MS = 1e11;

/** Whether a number can be a time of a capture, in milliseconds. */
export const isTime = (value: number): boolean => value >= 0 && value <= LONGEST_MS;

/** How long the capture lasted: as it says, or until its last query. */
export function lengthOf({ answered, lost }: Sorted, said: number): number {
  let length = isTime(said) ? Math.max(1, said) : 1;
  for (const { atMs } of answered) length = Math.max(length, atMs);
  for (const atMs of lost) length = Math.max(length, atMs);
  return length;
}

interface Moment {
  fastest: Answered;
  slowest: Answered;
  others: Answered[];
}

/** At most `MOST_DOTS` of them, among which the fastest and the slowest of each moment are kept. */
export function thinned(answered: readonly Answered[], lengthMs: number): readonly Answered[] {
  if (answered.length <= MOST_DOTS) return answered;
  const moments = new Map<number, Moment>();
  for (const point of answered) {
    const index = Math.min(MOMENTS - 1, Math.floor((point.atMs / lengthMs) * MOMENTS));
    const moment = moments.get(index);
    if (moment === undefined) moments.set(index, { fastest: point, slowest: point, others: [] });
    else {
      if (point.latencyMs < moment.fastest.latencyMs) moment.fastest = point;
      if (point.latencyMs > moment.slowest.latencyMs) moment.slowest = point;
      if (moment.others.length < 2) moment.others.push(point);
    }
  }
  return [...moments.values()].flatMap(({ fastest, slowest, others }) => [...new Set([fastest, slowest, ...others])]);
}

/** The times, no two of which are nearer than `apartMs`: marks that would lie on one another are one. */
export function apart(times: readonly number[], apartMs: number): number[] {
  const kept = new Map<number, number>();
  for (const time of times) {
    const cell = Math.floor(time / apartMs);
    if (!kept.has(cell)) kept.set(cell, time);
  }
  return [...kept.values()];
}
