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

/**
 * The servers to ask again from a place: those that lost some of its questions over UDP, and then also those that lost all: where packets get lost
 * by chance, a few lost in a row are no proof that a server is silent.
 */
function doubtful(rows: readonly LookupRow[], somewhere: boolean): LookupRow[] {
  const groups = [...Map.groupBy(rows.filter(isProof), (row) => row.server).values()];
  const lost = groups.filter((group) => group.some((row) => row.answered < row.shots));
  const wanted = somewhere ? lost : [];
  return wanted.flatMap((group) => group.find((row) => row.role === 'internal') ?? []).slice(0, maxServers);
}

const isProof = (row: LookupRow): boolean => row.proto === 'udp' && (row.role === 'internal' || row.role === 'fresh');

/** Whether a server answered some and lost some of a place's questions. */
const losesSome = (rows: readonly LookupRow[]): boolean =>
  [...Map.groupBy(rows.filter(isProof), (row) => row.server).values()].some(
    (group) => group.some((row) => row.answered > 0) && group.some((row) => row.answered < row.shots),
  );

/** Asks servers that lost something often enough to measure the loss. The added rows stand beside the first ones. */
export async function measureLoss(places: readonly Place[], signal: AbortSignal): Promise<LookupRow[]> {
  const somewhere = places.some((place) => losesSome(place.rows));
  const again = places.map(async ({ from, run, rows }) => {
    const asks = doubtful(rows, somewhere).map((row): Ask => ({ ...row, shots: manyShots, batch: 'first' }));
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
