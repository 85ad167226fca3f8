/** Minutes between a time and the run's start; null when the time is not known. A time after the start counts as now. */
export function minutesSince(at: string | null | undefined, now: number): number | null {
  const then = at === null || at === undefined ? Number.NaN : Date.parse(at);
  return Number.isNaN(then) ? null : Math.max(0, (now - then) / 60_000);
}

/** Whether something is known to have happened within so many minutes before the run. */
export function happenedWithin(minutes: number, at: string | null | undefined, now: number): boolean {
  const since = minutesSince(at, now);
  return since !== null && since <= minutes;
}
