import { Lookups } from '../../domain/lookups.ts';
import type { Report } from '../../domain/report.ts';
import { printable } from '../printable.ts';
import { count, duration, size } from './amounts.ts';
import { shortNodes } from './node-names.ts';
import type { Readings, Telling } from './proof.ts';

/** The lookups of a run; null when there are none that can be read. */
export const lookupsOf = (readings: Readings): Lookups | null => {
  const reading = readings['lookups'];
  return reading?.status === 'ok' ? (Lookups.safeParse(reading.data).data ?? null) : null;
};

/** What the proof of a report is told with. */
export function tellingOf({ run }: Pick<Report, 'run'>, readings: Readings): Telling {
  const lookups = lookupsOf(readings);
  const rows = lookups?.rows ?? [];
  const short = shortNodes([
    ...rows.map((row) => row.from.node),
    ...rows.flatMap((row) => row.serverNode ?? []),
    ...(lookups?.sources ?? []).map(({ node }) => node),
  ]);
  return { readings, startedAt: run.startedAt, short };
}

/** Where names were asked from: `2 probe pods (node-a, node-b), shop/cart-1 (exec)`. */
function sourcesWords(lookups: Lookups | null, short: (node: string) => string): string {
  const sources = lookups?.sources ?? [];
  const nodes = [...new Set(sources.filter(({ how }) => how === 'probe').map(({ node }) => short(node)))];
  const shown = nodes.length > 3 ? '' : ` on ${nodes.join(', ')}`;
  const probes =
    nodes.length === 0 ? [] : [`${nodes.length === 1 ? 'a probe pod' : 'probe pods'}${shown === '' ? ` on ${nodes.length} nodes` : shown}`];
  const others = sources
    .filter(({ how }) => how !== 'probe')
    .map(({ pod, how, node }) => (how === 'twin' ? `a twin of the pod on ${short(node)}` : `${pod} (${how})`));
  return printable([...probes, ...new Set(others)].join(', '), 300);
}

/** What a run cost, and where it asked from: `5.3 s · 38 API requests · 403 KiB · names asked from probe pods on node-a, node-b`. */
export function costWords({ run, cost }: Pick<Report, 'run' | 'cost'>, { readings, short }: Telling): string {
  const from = sourcesWords(lookupsOf(readings), short);
  const asked = from === '' ? 'no name was looked up' : `names asked from ${from}`;
  return [duration(run.durationMs), count(cost.apiRequests, 'API request'), size(cost.bytes), asked].join(' · ');
}
