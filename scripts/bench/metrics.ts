import type { Child } from '../../src/cli/demo/child.ts';

/** The samples of a metric, by the values of its labels. */
export function samplesOf(text: string, metric: string): { labels: Record<string, string>; value: number }[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name !== metric) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, told]) => [key, told] as [string, string]);
    return [{ labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** What a process tells Prometheus. */
export async function metricsOf({ healthPort }: Child): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${healthPort}/metrics`, { signal: AbortSignal.timeout(10_000) });
  return answer.text();
}

/** The upper bound of the bucket of a histogram that holds this share (0 to 1) of all observations. NaN of none. */
export function bucketOf(text: string, histogram: string, labels: Readonly<Record<string, string>>, share: number): number {
  const buckets = samplesOf(text, `${histogram}_bucket`)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .map(({ labels: { le = '' }, value }) => ({ bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), value }))
    .toSorted((a, b) => a.bound - b.bound);
  const all = buckets.at(-1)?.value ?? 0;
  return all === 0 ? Number.NaN : (buckets.find(({ value }) => value >= share * all)?.bound ?? Number.NaN);
}
