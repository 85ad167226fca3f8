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

const isProof = (row: LookupRow): boolean => row.proto === 'udp' && (row.role === 'internal' || row.role === 'fresh');

/** The rows that show whether a server is reached, by server: of CoreDNS pods, or of the Service. */
const groupsOf = (rows: readonly LookupRow[], kind: LookupRow['serverKind']): LookupRow[][] => [
  ...Map.groupBy(
    rows.filter((row) => isProof(row) && row.serverKind === kind),
    (row) => row.server,
  ).values(),
];
const losesSome = (group: readonly LookupRow[]): boolean =>
  group.some((row) => row.answered > 0) && group.some((row) => row.answered < row.shots);
const losesAny = (group: readonly LookupRow[]): boolean => group.some((row) => row.answered < row.shots);

/**
 * The servers to ask again from a place. CoreDNS pods that lose some of the questions, and then also those that lost all: where packets get lost by
 * chance, a few lost in a row are no proof of silence. The Service only where every pod answers: else it loses what its pods lose.
 */
function doubtful(rows: readonly LookupRow[], lossSomewhere: boolean): LookupRow[] {
  const pods = groupsOf(rows, 'endpoint');
  const again = lossSomewhere ? pods.filter(losesAny) : pods.some(losesAny) ? [] : groupsOf(rows, 'cluster-ip').filter(losesSome);
  return again.flatMap((group) => group.find((row) => row.role === 'internal') ?? []).slice(0, maxServers);
}

/** Asks servers that lost something often enough to measure the loss. The added rows stand beside the first ones. */
export async function measureLoss(places: readonly Place[], signal: AbortSignal): Promise<LookupRow[]> {
  const somewhere = places.some((place) => groupsOf(place.rows, 'endpoint').some(losesSome));
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
