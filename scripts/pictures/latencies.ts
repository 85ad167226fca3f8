import type { Exchange, LatencyPicture } from '../../src/pictures/latency.ts';

/** Numbers that look random and are the same each time: a linear congruential generator. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

interface Traffic {
  seed: number;
  count: number;
  lengthMs: number;
  latency: (roll: () => number, atMs: number) => number | null;
}

function exchanges({ seed, count, lengthMs, latency }: Traffic): Exchange[] {
  const roll = dice(seed);
  return Array.from({ length: count }, () => {
    const atMs = roll() * lengthMs;
    return { atMs, latencyMs: latency(roll, atMs) };
  });
}

/** The value that so great a share is not above, by nearest rank. */
function quantile(all: readonly Exchange[], share: number): number | null {
  const values = all.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs])).toSorted((a, b) => a - b);
  return values[Math.ceil(values.length * share) - 1] ?? null;
}

function picture(title: string, verdict: string, traffic: Traffic): LatencyPicture {
  const all = exchanges(traffic);
  return { title, verdict, lengthMs: traffic.lengthMs, exchanges: all, p50Ms: quantile(all, 0.5), p95Ms: quantile(all, 0.95) };
}

const around = (roll: () => number, ms: number): number => ms * 10 ** ((roll() + roll() + roll() - 1.5) * 0.5);
const minute = 60_000;

/** Latency plots of captures of real faults: file name and picture. */
export const latencies: Readonly<Record<string, LatencyPicture>> = {
  healthy: picture('Latency at shop/cart', 'Each query was answered, most within 1 ms.', {
    seed: 1,
    count: 240,
    lengthMs: minute,
    latency: (roll) => around(roll, 0.6),
  }),
  'half-lost': picture('Latency at shop/cart', 'Half of the queries have no answer; clients ask again after 5 s.', {
    seed: 2,
    count: 120,
    lengthMs: minute,
    latency: (roll) => (roll() < 0.5 ? null : roll() < 0.2 ? 5000 + around(roll, 1) : around(roll, 0.8)),
  }),
  'upstream-slow': picture(
    'Latency at coredns k7wzp',
    'After 20 s the resolver of the VPC takes seconds: its limit of packets is reached.',
    {
      seed: 3,
      count: 900,
      lengthMs: minute,
      latency: (roll, atMs) => (atMs < 20_000 || roll() < 0.3 ? around(roll, 1.2) : roll() < 0.06 ? null : around(roll, 1800)),
    },
  ),
  'all-lost': picture('Latency at shop/cart', 'No query has an answer.', { seed: 4, count: 20, lengthMs: 10_000, latency: () => null }),
  many: picture('Latency at coredns k7wzp', '', {
    seed: 5,
    count: 100_000,
    lengthMs: 10 * minute,
    latency: (roll, atMs) => (Math.abs(atMs - 300_000) < 8000 && roll() < 0.4 ? null : around(roll, roll() < 0.1 ? 25 : 0.4)),
  }),
  empty: { title: 'Latency at shop/cart', verdict: '', lengthMs: minute, exchanges: [], p50Ms: null, p95Ms: null },
};
