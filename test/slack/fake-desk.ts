import { Failure } from '../../src/base/failure.ts';
import { type ClusterState, isOver, placeKey, type RunRecord } from '../../src/domain/run.ts';
import type { Ask, Asked, Desk } from '../../src/slack/desk.ts';

/** A desk in memory. It keeps the contract of `Desk`: keys once, one run for one question of a cluster, places, and failures. */
export interface FakeDesk extends Desk {
  /** What was asked for, in order; each that started, joined or was here. */
  asks: Ask[];
  runs: Map<string, RunRecord>;
  /** How often each call was made. */
  calls: Record<string, number>;
  /** `dead`: every call rejects as it does without Redis. `hung`: none ever ends. */
  state: 'well' | 'dead' | 'hung';
  workers: number;
}

const question = ({ kind, request }: Pick<RunRecord, 'kind' | 'request'>): string => JSON.stringify([kind, request]);

function newRecord(id: string, { kind, request, person, place }: Ask): RunRecord {
  return {
    id,
    kind,
    cluster: request.cluster,
    request,
    askedBy: person.user,
    createdAt: Date.now(),
    places: [{ ...place, askers: [person.user] }],
    progress: { state: 'queued', attempt: 0, startedAt: null, endedAt: null, steps: [], error: null, cancelledBy: null },
    result: null,
  };
}

export function fakeDesk(clusters: readonly string[]): FakeDesk {
  const said = new Set<string>();
  const runs = new Map<string, RunRecord>();
  const newest = (): RunRecord[] => [...runs.values()].toReversed();

  const answer = async <T>(call: string, make: () => T): Promise<T> => {
    desk.calls[call] = (desk.calls[call] ?? 0) + 1;
    if (desk.state === 'hung') return new Promise(() => undefined);
    if (desk.state === 'dead') throw new Failure('error', 'Redis cannot be reached');
    return make();
  };

  function ask(asked: Ask): Asked {
    desk.asks.push(asked);
    const same = newest().find((run) => !isOver(run.progress.state) && question(run) === question(asked));
    const key = placeKey(asked.place);
    if (same?.places.some((place) => placeKey(place) === key)) return { outcome: 'here', record: same };
    if (same !== undefined) {
      same.places.push({ ...asked.place, askers: [asked.person.user] });
      return { outcome: 'joined', record: same };
    }
    const record = newRecord((runs.size + 1).toString(16).padStart(10, '0'), asked);
    runs.set(record.id, record);
    return { outcome: 'started', record };
  }

  function cancel(id: string, by: string): 'cancelled' | 'over' | 'unknown' {
    const run = runs.get(id);
    if (run === undefined) return 'unknown';
    if (isOver(run.progress.state)) return 'over';
    run.progress = { ...run.progress, state: 'cancelled', cancelledBy: by, endedAt: Date.now() };
    return 'cancelled';
  }

  const states = (): ClusterState[] => clusters.map((cluster) => ({ cluster, workers: desk.workers, waiting: 0, running: 0 }));
  const desk: FakeDesk = {
    asks: [],
    runs,
    calls: {},
    state: 'well',
    workers: 1,
    first: (key) =>
      answer('first', () => {
        const isFirst = !said.has(key);
        said.add(key);
        return isFirst;
      }),
    clusters: () => answer('clusters', states),
    ask: (asked) => answer('ask', () => ask(asked)),
    find: (id) => answer('find', () => runs.get(id) ?? null),
    latestAt: (at) =>
      answer('latestAt', () => newest().find(({ places }) => places.some((place) => placeKey(place) === placeKey(at))) ?? null),
    history: (cluster, limit) =>
      answer('history', () =>
        newest()
          .filter((run) => run.cluster === cluster)
          .slice(0, limit)
          .map(({ id, kind, askedBy, createdAt, progress }) => ({
            id,
            kind,
            cluster,
            askedBy,
            createdAt,
            endedAt: progress.endedAt,
            state: progress.state,
            status: null,
            cause: null,
          })),
      ),
    cancel: (id, by) => answer('cancel', () => cancel(id, by)),
  };
  return desk;
}
