import type { Exchange } from './exchange.ts';

/** The default timeouts of resolvers: glibc's RES_TIMEOUT is 5 s; musl asks again after a half of its 5 s. */
const modes = [
  { mode: 'glibc', ms: 5000 },
  { mode: 'musl', ms: 2500 },
] as const;
const within = 300;
const servfail = 2;
/** musl asks again at once when the answer is SERVFAIL, at most twice (res_msend.c). */
const atOnceMs = 50;

export type Repeat = 'glibc' | 'musl' | 'afterServfail' | 'other';

/**
 * What it is when the same query comes again from the same port: a retransmission, or a new query (null): an answered one is asked again only by
 * a resolver whose answer was lost, at its usual distance, or that did not like the answer.
 */
export function repeatOf(last: Exchange, at: number): Repeat | null {
  if (last.answers > 0 && last.rcode === servfail && at - last.lastAnswerAt <= atOnceMs) return 'afterServfail';
  const gap = at - last.lastAt;
  const mode = modes.find(({ ms }) => Math.abs(gap - ms) <= within)?.mode;
  return mode ?? (last.waiting ? 'other' : null);
}
