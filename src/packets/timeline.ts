import type { CaptureReport } from '../domain/capture.ts';
import type { PointResult } from './point/analysis.ts';
import type { Exchange } from './point/exchange.ts';

/** A picture of so many points is as clear as one of more. */
const most = 400;

type Point = NonNullable<CaptureReport['timeline']>['exchanges'][number];

/** So many of them, spread evenly. */
const spread = <T>(all: readonly T[], count: number): T[] =>
  all.length <= count ? [...all] : Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)] as T);

/** Whichever shows more of what clients wait for. */
function shown(results: readonly PointResult[]): PointResult | undefined {
  const rank = ({ report: { role } }: PointResult): number => (role === 'client' ? 2 : role === 'server' ? 1 : 0);
  return results
    .filter(({ exchanges }) => exchanges.length > 0)
    .toSorted((a, b) => rank(b) - rank(a) || b.exchanges.length - a.exchanges.length)[0];
}

const isKnown = ({ ended }: Exchange): boolean => ended === 'answered' || ended === 'unanswered';

/** When queries were asked at one place, and how long each took; unanswered ones, at most half of all, are kept first. Null: nothing was asked. */
export function timelineOf(results: readonly PointResult[]): CaptureReport['timeline'] {
  const result = shown(results);
  if (result === undefined) return null;
  const { report, exchanges } = result;
  const from = report.from ?? 0;
  const points = exchanges
    .filter(isKnown)
    .map((one): Point => ({ atMs: one.at - from, latencyMs: one.ended === 'answered' ? one.answeredAt - one.at : null }));
  const lost = spread(
    points.filter(({ latencyMs }) => latencyMs === null),
    most / 2,
  );
  const answered = spread(
    points.filter(({ latencyMs }) => latencyMs !== null),
    most - lost.length,
  );
  const all = [...lost, ...answered].toSorted((a, b) => a.atMs - b.atMs);
  return all.length === 0 ? null : { point: report.id, lengthMs: (report.to ?? from) - from, exchanges: all };
}
