/** `34 µs`, `0.35 ms`, `2.5 s`: as exact as a person needs it, and short enough to stand beside a plot. */
export function duration(ms: number): string {
  if (ms >= 7_200_000) return `${Math.round(ms / 3_600_000)} h`;
  if (ms >= 999.5) return `${rounded(ms / 1000)} s`;
  if (ms >= 0.0995) return `${rounded(ms)} ms`;
  return ms < 0.001 ? '<1 µs' : `${rounded(ms * 1000)} µs`;
}

const rounded = (value: number): string => {
  if (value >= 9.95) return String(Math.round(value));
  return value >= 0.995 ? String(Number(value.toFixed(1))) : String(Number(value.toPrecision(2)));
};

/** The decades (powers of ten of a millisecond) that the latencies lie in: at least two, from 10 µs to 1,000 s. */
export function decades(latencies: Iterable<number>): { low: number; high: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const latency of latencies) {
    least = Math.min(least, latency);
    most = Math.max(most, latency);
  }
  if (most === 0) return { low: 0, high: 3 };
  const low = Math.min(4, Math.max(-2, Math.floor(Math.log10(Math.max(least, 1e-3)))));
  const high = Math.min(6, Math.max(low + 2, Math.ceil(Math.log10(most))));
  return { low, high };
}

const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5,
];

const timeLabel = (ms: number): string => {
  if (ms === 0) return '0';
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${ms / 1000} s`;
  return ms < 7_200_000 ? `${ms / 60_000} min` : `${Math.round(ms / 3_600_000)} h`;
};

/** Round times along the capture, at most six, with their labels. */
export function timeTicks(lengthMs: number): { atMs: number; label: string }[] {
  const step = STEPS.find((each) => lengthMs / each <= 5) ?? lengthMs;
  const count = Math.floor(lengthMs / step);
  return Array.from({ length: count + 1 }, (_, index) => ({ atMs: index * step, label: timeLabel(index * step) }));
}

/** Places of labels one below the other that are nearest to where they belong, at least `gap` apart, between `top` and `bottom`. Kept in order. */
export function spread(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((y, index) => ({ y, index })).toSorted((a, b) => a.y - b.y || a.index - b.index);
  const placed: number[] = [];
  for (const { y } of order) placed.push(Math.max(y, placed.length === 0 ? top : (placed.at(-1) ?? top) + gap));
  let limit = bottom;
  for (let index = placed.length - 1; index >= 0; index--) {
    placed[index] = Math.min(placed[index] ?? limit, limit);
    limit = (placed[index] ?? limit) - gap;
  }
  const result: number[] = Array.from({ length: wanted.length });
  for (const [place, { index }] of order.entries()) result[index] = placed[place] ?? top;
  return result;
}
