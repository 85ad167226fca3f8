import { planDigest } from '../../access/changes/digest.ts';
import { askUndo, begin, beginUndo, finish, finishUndo, keepBefore, refuse } from '../../access/changes/life.ts';
import { Failure } from '../../base/failure.ts';
import type { Target } from '../../config/load.ts';
import type { Policy } from '../../domain/access.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Change, ChangeOrder, Move } from '../../domain/change.ts';
import type { ActResult } from '../../domain/plan.ts';
import type { RunOrder, RunRecord, RunStep } from '../../domain/run.ts';
import { stopOf } from '../../queue/stopped.ts';
import type { Wrote } from '../../remedies/remedy.ts';
import type { ActHooks, Ordered } from '../change-engine.ts';

/** What became of a wish to move an order. */
export type MovedOrder = { is: 'moved'; change: Change } | { is: 'stays'; change: Change } | { is: 'unknown' };

/** Where orders are kept: those that a worker carries out. */
export interface OrderBook {
  find(run: string, id: string): Promise<{ record: RunRecord; change: Change } | null>;
  move(run: string, id: string, judge: (change: Change) => Move): Promise<MovedOrder>;
  audit(entry: AuditEntry): Promise<unknown>;
}

/** What carrying out works with. */
export interface ChangeWork {
  book: OrderBook;
  policy: Policy;
  act(target: Target, ordered: Ordered, hooks: ActHooks): Promise<ActResult>;
  log(level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>): void;
}

/** How the work goes on, and how it is stopped. */
export interface ChangeHooks {
  /** Fires when it is to be stopped; its reason (`Stopped`) says why. */
  signal: AbortSignal;
  attempt: number;
  onStep(step: RunStep): void;
}

const UNKNOWN = 'the order is not known any more';

/** What has happened is written down, however long Redis is away: so often, this far apart in milliseconds. */
const [TRIES, APART_MS] = [120, 2_000];

async function insisting<T>(work: ChangeWork, run: string, write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (tries === 1) work.log('warn', 'what an order did cannot be written down yet', { run, error });
      if (tries >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, APART_MS));
    }
  }
}

const refused = (says: string, next: string[] = []): ActResult => ({
  outcome: 'refused',
  says,
  next,
  before: null,
  after: null,
  proof: 'none',
  effectMs: null,
  undoable: false,
  queries: null,
  lines: [],
});

const whySays = (change: Change): string =>
  change.why ?? (change.state === 'expired' ? 'the order was too old' : `the order is ${change.state} already`);

type Work = { work: ChangeWork; order: RunOrder; ordered: ChangeOrder; target: Target; hooks: ChangeHooks };

const actOf = ({ order, ordered }: Work) => ({ cluster: order.request.cluster, run: ordered.of, now: Date.now() });

/** The order as it stands when its work begins, or what came of it before. */
async function begun(run: Work): Promise<{ change: Change } | { came: ActResult }> {
  const { work, order, ordered } = run;
  const known = await work.book.find(ordered.of, ordered.change);
  // a Redis that came back empty is filled again by the bots: it is tried again
  if (known === null) throw new Error(UNKNOWN);
  if (planDigest(known.change.plan) !== ordered.digest) {
    const says = 'the plan is not the one that was approved';
    await work.book.move(ordered.of, ordered.change, (change) => refuse(change, says, actOf(run)));
    return { came: refused(says) };
  }
  const moved = ordered.act === 'apply' ? await beginApply(run) : await beginUndoing(run);
  if (moved.is === 'unknown') throw new Error(UNKNOWN);
  if (moved.is === 'moved') return { change: moved.change };
  const { change } = moved;
  // a worker died between writing the result into the order and ending its run
  const came = ordered.act === 'apply' ? change.result : change.undoResult;
  const own = ordered.act === 'apply' ? change.applyRun : change.undoRun;
  return { came: own === order.run && came !== null ? came : refused(whySays(change)) };
}

async function beginApply(run: Work): Promise<MovedOrder> {
  const { work, order, ordered } = run;
  const judge = (change: Change): Move => {
    const move = begin(change, work.policy, order.run, actOf(run));
    if (!('not' in move) || move.not.why !== 'policy') return move;
    const { says, reason } = move.not.decision;
    return refuse(change, `the policy does not allow it any more: ${says ?? reason}`, actOf(run));
  };
  const moved = await work.book.move(ordered.of, ordered.change, judge);
  return moved.is === 'moved' && moved.change.state !== 'running' ? { is: 'stays', change: moved.change } : moved;
}

/** One whose time is over begins here; one that a person asked for has been moved by the bot. */
async function beginUndoing(run: Work): Promise<MovedOrder> {
  const { work, order, ordered } = run;
  const { of, change: id } = ordered;
  if (ordered.ends) await work.book.move(of, id, (change) => askUndo(change, work.policy, 'end', order.run, actOf(run)));
  return work.book.move(of, id, (change) => beginUndo(change, order.run, actOf(run)));
}

/** Each write into the cluster is a line of the audit. */
const wroteEntry = ({ order, ordered }: Work, { object, how, resourceVersion }: Wrote): AuditEntry => ({
  at: Date.now(),
  actor: { kind: 'worker', id: order.run },
  action: 'wrote',
  cluster: order.request.cluster,
  change: ordered.change,
  remedy: ordered.remedy,
  run: ordered.of,
  digest: ordered.digest,
  details: { object: `${object.kind} ${object.namespace === null ? '' : `${object.namespace}/`}${object.name}`, how, resourceVersion },
});

/** The two ways to stop: `stopping` lets what is begun come to its end; the other ends all, for somebody else goes on. */
function signalsOf({ hooks }: Work): { stopping: AbortSignal; signal: AbortSignal } {
  const hard = new AbortController();
  const onStop = (): void => {
    if (stopOf(hooks.signal) === 'lost') hard.abort(hooks.signal.reason);
  };
  if (hooks.signal.aborted) onStop();
  else hooks.signal.addEventListener('abort', onStop, { once: true });
  return { stopping: hooks.signal, signal: hard.signal };
}

async function acted(run: Work, change: Change): Promise<ActResult> {
  const { work, order, ordered, target, hooks } = run;
  let wrote = false;
  try {
    return await work.act(
      target,
      { change, act: ordered.act, run: order.run, request: order.request },
      {
        ...signalsOf(run),
        onStep: (step) => hooks.onStep(step),
        onWrote: async (write) => {
          wrote = true;
          await insisting(work, order.run, () => work.book.audit(wroteEntry(run, write)));
        },
        onBefore: async (sight) => {
          if (ordered.act === 'apply') await work.book.move(ordered.of, ordered.change, (now) => keepBefore(now, sight, actOf(run)));
        },
      },
    );
  } catch (error) {
    // it could not begin: the cluster is not to be reached, or somebody else is changing it; a worker before may have left it half done
    const undoable = hooks.attempt > 1 && change.plan.undo !== null;
    const couldNot = (says: string) => ({ ...refused(says, ['Check again, and ask again.']), undoable });
    if (error instanceof Failure && !hooks.signal.aborted) return couldNot(error.message);
    // what is begun comes to its end: only the wait for another change is broken off
    if (stopOf(hooks.signal) === 'cancel' && !wrote) return couldNot('somebody stopped it before this worker changed anything');
    throw error;
  }
}

/** When a temporary change ends by itself; null: it does not, or there is nothing to end. */
const endOf = ({ plan }: Change, { undoable }: ActResult, since: number): number | null =>
  plan.endsAfterMs === null || !undoable ? null : since + plan.endsAfterMs;

/**
 * Carries an order out, or undoes it, once: whether it still may be done is asked again here, of the policy of this side. What came of it is
 * written into the order before the run ends. Rejects where somebody else goes on with it.
 */
export async function performOrder(work: ChangeWork, order: RunOrder, target: Target, hooks: ChangeHooks): Promise<ActResult> {
  const { change: ordered } = order;
  if (ordered === undefined) throw new Failure('error', 'the order does not say what is to be done');
  const run: Work = { work, order, ordered, target, hooks };
  const start = await begun(run);
  if ('came' in start) return start.came;
  const since = Date.now();
  const result = await acted(run, start.change);
  // this process ends: another one goes on where it stopped
  if (result.outcome === 'stopped' && stopOf(hooks.signal) === 'back') throw new Error('stopped in between, for another worker');
  const { of, change: id, act } = ordered;
  await insisting(work, order.run, () =>
    work.book.move(of, id, (now) =>
      act === 'apply' ? finish(now, result, endOf(now, result, since), actOf(run)) : finishUndo(now, result, actOf(run)),
    ),
  );
  return result;
}
