import type { Freeze } from '../../domain/access.ts';

type Weekly = Extract<Freeze, { zone: string }>;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Windows that follow one upon the other are added up so often; beyond that nobody can say when it ends. */
const MOST_WINDOWS = 20;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Throws a RangeError for a zone that this system does not know. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  clocks.set(zone, clock);
  return clock;
}

/** What the clock on the wall and the calendar say in a zone: the day (0 is Sunday) and the minutes since midnight. */
export function wallTime(zone: string, at: number): { day: number; minute: number } {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return { day: DAYS.indexOf(parts['weekday'] ?? ''), minute: Number(parts['hour']) * 60 + Number(parts['minute']) };
}

/**
 * Minutes on the wall until the window ends that `at` is in; 0: it is in none. The day is that on which a window begins. The clock on the wall
 * decides: where it is put forward, a window is shorter; where it is put back, the hour that comes twice is in it twice.
 */
function minutesLeft({ days, fromMinute, toMinute, zone }: Weekly, at: number): number {
  const { day, minute } = wallTime(zone, at);
  const overMidnight = toMinute <= fromMinute;
  const begunToday = days.includes(day) && minute >= fromMinute;
  if (!overMidnight) return begunToday && minute < toMinute ? toMinute - minute : 0;
  if (begunToday) return DAY_MINUTES - minute + toMinute;
  return days.includes((day + 6) % 7) && minute < toMinute ? toMinute - minute : 0;
}

/** The first minute after `at` that is out of the window which ends before `by`, or `by`. */
function firstOut(window: Weekly, at: number, by: number): number {
  let [inside, outside] = [Math.floor(at / MINUTE_MS), Math.floor(by / MINUTE_MS)];
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (minutesLeft(window, middle * MINUTE_MS) > 0) inside = middle;
    else outside = middle;
  }
  return outside * MINUTE_MS;
}

/** When the window ends that `at` is in, as far as one day shows; null: it is in none. */
function endOf(freeze: Freeze, at: number): number | null {
  if (!('zone' in freeze)) return at >= freeze.from && at < freeze.to ? freeze.to : null;
  const left = minutesLeft(freeze, at);
  if (left === 0) return null;
  const by = (Math.floor(at / MINUTE_MS) + left) * MINUTE_MS;
  return minutesLeft(freeze, by) > 0 ? by : firstOut(freeze, at, by);
}

function thaw(freezes: readonly Freeze[], from: number): number | null {
  let at = from;
  for (let count = 0; count < MOST_WINDOWS; count += 1) {
    const ends = freezes.map((freeze) => endOf(freeze, at)).filter((end) => end !== null);
    if (ends.length === 0) return at;
    at = Math.max(...ends);
  }
  return null;
}

/**
 * Why changes rest at this moment, and when they may begin again, all windows taken together; null: they do not rest. A window whose zone is
 * unknown here cannot be judged, so that changes rest.
 */
export function frozenAt(freezes: readonly Freeze[], now: number): { says: string; until: number | null } | null {
  try {
    const first = freezes.find((freeze) => endOf(freeze, now) !== null);
    return first === undefined ? null : { says: first.says, until: thaw(freezes, now) };
  } catch {
    return { says: 'a freeze window of the policy names a time zone that this system does not know', until: null };
  }
}
