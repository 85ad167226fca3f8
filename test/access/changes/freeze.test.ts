import { describe, expect, test } from '@jest/globals';
import { frozenAt } from '../../../src/access/changes/freeze.ts';
import type { Freeze } from '../../../src/domain/access.ts';

const at = (text: string): number => Date.parse(text);
const shown = (until: number | null | undefined): string | null =>
  until === null || until === undefined ? null : new Date(until).toISOString().slice(0, 16);
const [SUN, FRI, SAT] = [0, 5, 6];
const time = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

const weekly = (days: number[], from: string, to: string, zone = 'Europe/Berlin', says = 'rest'): Freeze => ({
  days,
  fromMinute: time(from),
  toMinute: time(to),
  zone,
  says,
});
const once = (from: string, to: string, says = 'rest'): Freeze => ({ from: at(from), to: at(to), says });

/** Until when changes rest, in UTC; `no`: they do not. */
const until = (now: string, ...freezes: Freeze[]): string | null => {
  const frozen = frozenAt(freezes, at(now));
  return frozen === null ? 'no' : shown(frozen.until);
};

describe('a freeze from one moment to another', () => {
  const christmas = once('2026-12-20T00:00Z', '2027-01-02T00:00Z');
  test.each([
    ['2026-12-19T23:59:59.999Z', 'no'],
    ['2026-12-20T00:00Z', '2027-01-02T00:00'],
    ['2027-01-01T23:59:59.999Z', '2027-01-02T00:00'],
    ['2027-01-02T00:00Z', 'no'],
  ])('at %s', (now, expected) => {
    expect(until(now, christmas)).toBe(expected);
  });
});

describe('a weekly freeze', () => {
  // 27 November 2026 is a Friday; Berlin is one hour ahead of UTC then.
  const weekend = weekly([FRI], '16:00', '08:00');
  test.each([
    ['before it begins', '2026-11-27T14:59Z', 'no'],
    ['when it begins', '2026-11-27T15:00Z', '2026-11-28T07:00'],
    ['over midnight', '2026-11-28T00:30Z', '2026-11-28T07:00'],
    ['in its last minute', '2026-11-28T06:59:59Z', '2026-11-28T07:00'],
    ['when it has ended', '2026-11-28T07:00Z', 'no'],
    ['in the evening of the day after', '2026-11-28T18:00Z', 'no'],
    ['in the morning of its day', '2026-11-27T03:00Z', 'no'],
  ])('begins on its day and ends on the next: %s', (_what, now, expected) => {
    expect(until(now, weekend)).toBe(expected);
  });

  test('goes by the day in its zone, not in UTC', () => {
    expect(until('2026-11-27T23:30Z', weekly([SAT], '00:00', '01:00'))).toBe('2026-11-28T00:00');
    expect(until('2026-11-28T01:30Z', weekly([FRI], '17:00', '18:00', 'America/Los_Angeles'))).toBe('2026-11-28T02:00');
    expect(until('2026-11-27T22:30Z', weekly([SAT], '03:00', '05:00', 'Asia/Kolkata'))).toBe('2026-11-27T23:30');
  });

  test('over the end of the week', () => {
    expect(until('2026-11-29T01:00Z', weekly([SAT], '22:00', '06:00', 'UTC'))).toBe('2026-11-29T06:00');
    expect(until('2026-11-30T01:00Z', weekly([SUN], '22:00', '06:00', 'UTC'))).toBe('2026-11-30T06:00');
  });

  test('lasts a day where it ends when it begins, or at 24:00', () => {
    expect(until('2026-11-28T11:00Z', weekly([FRI], '12:00', '12:00', 'UTC'))).toBe('2026-11-28T12:00');
    expect(until('2026-11-27T23:59Z', weekly([FRI], '00:00', '24:00', 'UTC'))).toBe('2026-11-28T00:00');
  });
});

describe('where the clock is put forward', () => {
  // 28 March 2027 is a Sunday: in Berlin 02:00 is 03:00.
  test.each([
    ['a night is an hour shorter', '2027-03-27T22:00Z', weekly([SAT], '22:00', '06:00'), '2027-03-28T04:00'],
    ['a time that there is not ends it in that very moment', '2027-03-28T00:30Z', weekly([SUN], '01:00', '02:30'), '2027-03-28T01:00'],
    ['what begins at a time that there is not begins after it', '2027-03-28T01:00Z', weekly([SUN], '02:30', '04:00'), '2027-03-28T02:00'],
    ['and not before it', '2027-03-28T00:59Z', weekly([SUN], '02:30', '04:00'), 'no'],
    ['what lies in the hour that is left out is not at all', '2027-03-28T01:00Z', weekly([SUN], '02:10', '02:50'), 'no'],
  ])('%s', (_what, now, freeze, expected) => {
    expect(until(now, freeze)).toBe(expected);
  });
});

describe('where the clock is put back', () => {
  // 25 October 2026 is a Sunday: in Berlin 03:00 is 02:00, so that 02:30 comes at 00:30 and at 01:30 UTC.
  test.each([
    ['a night is an hour longer', '2026-10-24T21:00Z', weekly([SAT], '22:00', '06:00'), '2026-10-25T05:00'],
    ['an hour that comes twice is in it twice: first', '2026-10-25T00:10Z', weekly([SUN], '02:00', '02:30'), '2026-10-25T00:30'],
    ['not in between', '2026-10-25T00:40Z', weekly([SUN], '02:00', '02:30'), 'no'],
    ['and again', '2026-10-25T01:10Z', weekly([SUN], '02:00', '02:30'), '2026-10-25T01:30'],
    ['and without a break', '2026-10-25T00:50Z', weekly([SUN], '02:00', '03:00'), '2026-10-25T02:00'],
  ])('%s', (_what, now, freeze, expected) => {
    expect(until(now, freeze)).toBe(expected);
  });
});

describe('several freezes', () => {
  test('are one where they meet', () => {
    const nights = weekly([FRI, SAT], '16:00', '08:00', 'UTC');
    const days = weekly([SAT, SUN], '08:00', '20:00', 'UTC');
    expect(until('2026-11-27T17:00Z', nights, days)).toBe('2026-11-29T20:00');
    expect(until('2026-11-27T17:00Z', nights, once('2026-11-28T07:00Z', '2026-12-24T00:00Z'))).toBe('2026-12-24T00:00');
  });

  test('that never end are not said to', () => {
    expect(until('2026-11-27T17:00Z', weekly([0, 1, 2, 3, 4, 5, 6], '00:00', '24:00', 'UTC'))).toBeNull();
  });

  test('say why by the first that holds', () => {
    const now = at('2026-11-27T17:00Z');
    const freezes = [weekly([SAT], '00:00', '08:00', 'UTC', 'Saturday'), once('2026-11-27T00:00Z', '2026-11-28T00:00Z', 'sale')];
    expect(frozenAt(freezes, now)).toEqual({ says: 'sale', until: at('2026-11-28T08:00Z') });
  });

  test('rest where one cannot be judged', () => {
    expect(frozenAt([weekly([SAT], '00:00', '01:00', 'Mars/Base')], at('2026-11-27T17:00Z'))).toEqual({
      says: expect.stringContaining('time zone'),
      until: null,
    });
  });
});
