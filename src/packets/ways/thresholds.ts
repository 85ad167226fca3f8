import type { WayVerdict } from '../../domain/capture.ts';

/** What became of requests that got no answer in time, what is gravest first among equals. */
const failing = [
  'not-sent',
  'rejected-no-endpoints',
  'nothing-listening',
  'conntrack-race',
  'lost-request',
  'dropped-in-pod',
  'upstream',
  'reply-dropped-in-pod',
  'lost-reply',
  'unanswered',
] as const satisfies readonly WayVerdict[];

/**
 * Whether so many of so many are a fault: at least half; or two and 5 %; or three and 1 %. A lost packet in twenty happens in a network
 * that is well (and the resolver asks again), two of twenty hardly ever.
 */
export function isFault(count: number, of: number): boolean {
  if (count === 0 || of === 0) return false;
  const share = count / of;
  return share >= 0.5 || (count >= 2 && share >= 0.05) || (count >= 3 && share >= 0.01);
}

/**
 * The verdict for requests by what became of them, with its share: that of the failures that there are most of, if they all are a fault; else
 * slow answers, if they are; else `dns-ok`. Null without requests.
 */
export function verdictFor(outcomes: Partial<Record<WayVerdict, number>>): { code: WayVerdict; share: number } | null {
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const failed = failing.map((code) => ({ code, count: outcomes[code] ?? 0 })).toSorted((a, b) => b.count - a.count);
  const all = failed.reduce((sum, { count }) => sum + count, 0);
  const [worst] = failed;
  if (worst !== undefined && isFault(all, total)) return { code: worst.code, share: worst.count / total };
  const slow = outcomes['slow-server'] ?? 0;
  if (isFault(slow, total)) return { code: 'slow-server', share: slow / total };
  return { code: 'dns-ok', share: (outcomes['dns-ok'] ?? 0) / total };
}
