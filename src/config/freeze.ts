import { z } from 'zod';
import type { Freeze } from '../domain/access.ts';
import { strict, stringOf } from './strict.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MOMENT = /^\d{4}-\d{2}-(\d{2})T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const LONGEST_SAYS = 200;

/** Date.parse takes 30 February for 2 March. */
const isDay = (text: string): boolean => new Date(`${text.slice(0, 10)}T00:00Z`).toISOString().startsWith(text.slice(0, 10));

const isMoment = (text: string): boolean => MOMENT.test(text) && !Number.isNaN(Date.parse(text)) && isDay(text);

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const says = stringOf(
  `expected why changes rest, up to ${LONGEST_SAYS} characters, such as "Christmas sales"`,
  (text) => text.trim() !== '' && text.length <= LONGEST_SAYS,
);

const momentOf = stringOf('expected a moment with its time zone such as 2026-12-20T00:00Z or 2026-12-20T00:00+01:00', isMoment);
const timeOf = stringOf('expected a time of day such as "16:00", up to "24:00"', (text) => TIME.test(text));

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const Once = strict({ from: momentOf, to: momentOf, says })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { error: 'expected "from" before "to"' })
  .transform(({ from, to, says: why }): Freeze => ({ from: Date.parse(from), to: Date.parse(to), says: why }));

const Weekly = strict({
  days: z
    .array(z.enum(DAYS, { error: `expected ${DAYS.slice(0, -1).join(', ')} or ${DAYS.at(-1)}` }), {
      error: 'expected a list of days such as [fri, sat]',
    })
    .refine((days) => days.length > 0, { error: 'expected a list of days such as [fri, sat]' }),
  from: timeOf,
  to: timeOf,
  zone: stringOf('expected a time zone such as Europe/Berlin or UTC', isZone),
  says,
})
  .refine(({ from }) => from !== '24:00', { error: 'expected a time of day such as "00:00"', path: ['from'] })
  .refine(({ from, to }) => from !== to, {
    error: 'expected another time than "from", or from: "00:00" and to: "24:00" for whole days',
    path: ['to'],
  })
  .transform(({ days, from, to, zone, says: why }): Freeze => ({
    days: days.map((day) => DAYS.indexOf(day)),
    fromMinute: minutes(from),
    toMinute: minutes(to),
    zone,
    says: why,
  }));

const isWeekly = (value: unknown): boolean => typeof value === 'object' && value !== null && ('days' in value || 'zone' in value);

/** When changes rest, as it stands in `dns-medic.yaml`: once, or weekly. What names days or a zone is meant weekly. */
export const FreezeEntry = z.unknown().transform((value, context): Freeze => {
  const parsed = (isWeekly(value) ? Weekly : Once).safeParse(value);
  if (parsed.success) return parsed.data;
  context.issues.push(...parsed.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
  return z.NEVER;
});
