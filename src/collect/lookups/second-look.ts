import type { ProbePod } from '../../cluster/probe-port.ts';
import type { LookupRow } from '../../domain/lookups.ts';
import type { Ask } from './ask.ts';
import { askFrom } from './ask-from.ts';

/** A place that was asked from once, and can be asked from again. */
export interface Place {
  from: LookupRow['from'];
  run: Pick<ProbePod, 'run'>;
  rows: LookupRow[];
}

/** Enough to tell one percent from ten, little enough to be no load. */
const manyShots = 40;
const maxServers = 4;

/** The servers that lost some, but not all, of a place's questions over UDP. */
function lossy(rows: readonly LookupRow[]): LookupRow[] {
  const groups = Map.groupBy(
    rows.filter((row) => row.proto === 'udp' && (row.role === 'internal' || row.role === 'fresh')),
    (row) => row.server,
  );
  const partial = [...groups.values()].filter((group) => group.some((row) => row.answered > 0) && group.some((row) => row.answered < row.shots));
  return partial.flatMap((group) => group.find((row) => row.role === 'internal') ?? []).slice(0, maxServers);
}

/** Asks servers that lost something often enough to measure the loss. The added rows stand beside the first ones. */
export async function measureLoss(places: readonly Place[], signal: AbortSignal): Promise<LookupRow[]> {
  const again = places.map(async ({ from, run, rows }) => {
    const asks = lossy(rows).map((row): Ask => ({ ...row, shots: manyShots, batch: 'loss' }));
    return askFrom(run, from, asks, { signal, timeoutSeconds: 1 });
  });
  return (await Promise.all(again)).flat();
}

const bad = (row: LookupRow): boolean =>
  row.answered < row.shots || 'SERVFAIL' in row.rcodes || 'REFUSED' in row.rcodes || 'FORMERR' in row.rcodes || (row.p50Ms ?? 0) > 500;

/** Whether the upstream itself is worth a look: names that need it fail or are slow, or the Corefile answers some of them by itself. */
export function upstreamWorthALook(rows: readonly LookupRow[], pinned: readonly string[]): boolean {
  const throughCoredns = rows.filter((row) => row.serverKind === 'endpoint' || row.serverKind === 'cluster-ip');
  const needUpstream = throughCoredns.filter((row) => row.role === 'external' || row.role === 'fresh-external' || row.role === 'asked');
  return pinned.length > 0 || needUpstream.some(bad);
}
