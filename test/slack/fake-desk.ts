import type { AuditEntry } from '../../src/domain/audit.ts';
import type { Change, Move } from '../../src/domain/change.ts';
import { Failure } from '../../src/base/failure.ts';
import { type ClusterState, isOver, placeKey, type RunRecord } from '../../src/domain/run.ts';
import type { Ask, Asked, Desk, KnownChange, Moved } from '../../src/slack/desk.ts';

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
  /** Lines that were written with moves, in order. */
  audit: AuditEntry[];
  /** Orders that were put into the queue: `RUN.CHANGE apply`, each once for each time that it became due. */
  queued: string[];
  /** Does something between the judging of a move and its writing, once: another bot, another person. */
  meanwhile: (() => void) | null;
}

type Order = NonNullable<RunRecord['changes']>[number];

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

  const orderOf = (run: string, id: string): { record: RunRecord; order: Order } | null => {
    const record = runs.get(run);
    const order = record?.changes?.find((one) => one.id === id);
    return record === undefined || order === undefined ? null : { record, order };
  };
  const known = (run: string, id: string): KnownChange | null => {
    const found = orderOf(run, id);
    return found === null ? null : structuredClone({ record: found.record, change: found.order });
  };

  /** As Redis does it: what was judged is written only if the order still stands as it was judged, else it is judged again. */
  function move(run: string, id: string, judge: (change: Change) => Move): Moved {
    for (;;) {
      const before = known(run, id);
      if (before === null) return { is: 'unknown' };
      const judged = judge(Object.freeze(structuredClone(before.change)));
      if ('not' in judged) return { is: 'stays', record: before.record, ...judged.not };
      desk.meanwhile?.();
      desk.meanwhile = null;
      const found = orderOf(run, id);
      if (found === null || JSON.stringify(found.order) !== JSON.stringify(before.change)) continue;
      Object.assign(found.order, structuredClone(judged.to), { id, plan: found.order.plan, digest: found.order.digest });
      found.record.revision = (found.record.revision ?? 0) + 1;
      desk.audit.push(judged.audit);
      return { is: 'moved', ...(known(run, id) as KnownChange) };
    }
  }

  function carryOut(run: string, id: string): void {
    const found = orderOf(run, id);
    if (found === null) throw new Failure('missing', 'the order is not known any more');
    const { order, record } = found;
    if (order.state !== 'approved' && order.state !== 'undoing') return;
    const act = order.state === 'approved' ? 'apply' : 'undo';
    const field = act === 'apply' ? 'applyRun' : 'undoRun';
    if (order[field] !== null) return;
    const person = order.requested?.person;
    if (person === undefined) throw new Failure('error', 'nobody asked for it');
    const { record: doing } = ask({
      kind: 'change',
      request: { ...record.request, names: [`${id} ${act} ${desk.queued.length}`] },
      person,
      channel: { id: record.places[0]?.channel ?? '', kind: 'public', isShared: false },
      place: record.places[0] ?? { channel: '', thread: null },
    });
    order[field] = doing.id;
    doing.change = { of: run, change: id, act };
    desk.queued.push(`${run}.${id} ${act}`);
  }

  const waiting = (of: readonly string[]): KnownChange[] =>
    newest()
      .filter(({ cluster }) => of.includes(cluster))
      .flatMap((record) => (record.changes ?? []).filter(({ state }) => state === 'requested').map((change) => ({ record, change })));

  const states = (): ClusterState[] => clusters.map((cluster) => ({ cluster, workers: desk.workers, waiting: 0, running: 0 }));
  const desk: FakeDesk = {
    asks: [],
    runs,
    calls: {},
    state: 'well',
    workers: 1,
    audit: [],
    queued: [],
    meanwhile: null,
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
    change: (run, id) => answer('change', () => known(run, id)),
    move: (run, id, judge) => answer('move', () => move(run, id, judge)),
    carryOut: (run, id) => answer('carryOut', () => carryOut(run, id)),
    waiting: (of) => answer('waiting', () => structuredClone(waiting(of))),
  };
  return desk;
}
