import type { Corefile, LogClass } from '../domain/coredns.ts';
import { happenedWithin } from './recent.ts';

/** CoreDNS tries an unparsable Corefile again at every tick of reload (30 s and some), so a complaint older than this is about a text that is gone. */
const tickMinutes = 2.5;

/** Whether a class is a complaint about a Corefile that was not taken: one that fails to parse is complained of again and again, as long as it stands. */
export function isReloadComplaint(
  entry: Pick<LogClass, 'class' | 'lastAt'>,
  corefile: Pick<Corefile, 'error'> | undefined,
  now: number,
): boolean {
  if (entry.class === 'reload-failed') return true;
  return entry.class === 'reload-parse-failed' && (happenedWithin(tickMinutes, entry.lastAt, now) || corefile?.error?.kind === 'syntax');
}

/** Classes that say that the API server could not be read. */
export const watchFailures: readonly string[] = ['api-timeout', 'api-error', 'api-forbidden', 'api-bare'];

/** They are looked at so many minutes back. */
export const watchMinutes = 2;

/** Three watches that client-go takes up again at least every minute: three minutes of failing. Fewer are those of a start, or of a moment. */
export const watchStillFails = 9;
