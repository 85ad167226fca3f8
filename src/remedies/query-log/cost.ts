import type { CorednsMetrics, SystemPod } from '../../domain/coredns.ts';
import type { Classes } from './lines.ts';

/** Above so many queries a second it is said what it costs. */
const NOTABLE = 2_000;
/** A line of the query log has about so many bytes: measured on names of a cluster, 130 to 190. */
const LINE_BYTES = 160;

/** What the cost is estimated from. */
export interface Seen {
  metrics: CorednsMetrics | undefined;
  pods: readonly SystemPod[];
  ready: number;
}

/** Queries a second, and those that ended otherwise than well, over all pods: the mean since each started. Null: nobody says. */
export function rates({ metrics, pods, ready }: Seen, now: number): { all: number; failed: number } | null {
  const each = (metrics?.pods ?? []).flatMap(({ pod, rcodes }) => {
    const startedAt = pods.find(({ name }) => name === pod)?.container.startedAt ?? null;
    const seconds = startedAt === null ? 0 : (now - Date.parse(startedAt)) / 1_000;
    const total = Object.values(rcodes).reduce((sum, count) => sum + count, 0);
    return seconds > 0 && total > 0 ? [{ all: total / seconds, failed: (total - (rcodes['NOERROR'] ?? 0)) / seconds }] : [];
  });
  if (each.length === 0) return null;
  // not all pods are asked: the others get as much
  const times = Math.max(1, ready / each.length);
  const sum = (of: 'all' | 'failed'): number => times * each.reduce((total, one) => total + one[of], 0);
  return { all: sum('all'), failed: sum('failed') };
}

const round = (value: number): number => (value < 10 ? Math.ceil(value) : Number(value.toPrecision(2)));

/** What it costs where that is much, one sentence. */
export function costOf(seen: Seen, { classes, minutes }: { classes: Classes; minutes: number }, now: number): string[] {
  const rate = rates(seen, now);
  if (rate === null || rate.all <= NOTABLE) return [];
  const logged = classes === 'all' ? rate.all : rate.failed;
  const megabytes = round((logged * minutes * 60 * LINE_BYTES) / 1_000_000);
  const less = classes === 'all' ? ' The classes "denial error" cost less.' : '';
  return [
    `CoreDNS answers about ${round(rate.all)} queries a second: that makes about ${round(logged)} lines a second, ${megabytes} MB of log in ${minutes} minutes, and costs CPU.${less}`,
  ];
}
