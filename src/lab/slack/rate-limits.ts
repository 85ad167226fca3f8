import type { Rates } from './world/settings.ts';

const MINUTE = 60_000;

/** Counts calls as Slack does. */
export interface RateLimits {
  /** Null: the call may go on, and counts. Else the seconds to wait: what is refused does not count. */
  take: (method: string, channel: string | null) => number | null;
}

export function createRateLimits(rates: Rates, now: () => number = Date.now): RateLimits {
  const calls = new Map<string, number[]>();
  const buckets = new Map<string, { tokens: number; at: number }>();

  /** Milliseconds until the method's window has room. */
  function windowWait(method: string): number {
    const most = Object.hasOwn(rates.perMinute, method) ? (rates.perMinute[method] ?? null) : null;
    if (most === null) return 0;
    const recent = (calls.get(method) ?? []).filter((at) => at > now() - MINUTE);
    calls.set(method, recent);
    return recent.length < most ? 0 : (recent[recent.length - most] ?? now()) + MINUTE - now();
  }

  /** Milliseconds until the channel may have its next message. */
  function channelWait(channel: string): number {
    const bucket = buckets.get(channel) ?? { tokens: rates.channelBurst, at: now() };
    bucket.tokens = Math.min(rates.channelBurst, bucket.tokens + (now() - bucket.at) / rates.channelEvery);
    bucket.at = now();
    buckets.set(channel, bucket);
    return bucket.tokens >= 1 ? 0 : (1 - bucket.tokens) * rates.channelEvery;
  }

  return {
    take(method, channel) {
      const posted = method === 'chat.postMessage' && channel !== null ? channel : null;
      const wait = Math.max(windowWait(method), posted === null ? 0 : channelWait(posted));
      if (wait > 0) return Math.max(1, Math.ceil(wait / 1_000));
      calls.get(method)?.push(now());
      const bucket = posted === null ? undefined : buckets.get(posted);
      if (bucket) bucket.tokens -= 1;
      return null;
    },
  };
}
