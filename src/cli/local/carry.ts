import { askUndo, begin, beginUndo, finish, finishUndo, keepBefore, refuse } from '../../access/changes/life.ts';
import type { Act } from '../../access/changes/life.ts';
import type { Target } from '../../config/load.ts';
import type { Policy } from '../../domain/access.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Stays } from '../../domain/change.ts';
import type { ActResult } from '../../domain/plan.ts';
import type { RunStep } from '../../domain/run.ts';
import type { Wrote } from '../../remedies/remedy.ts';
import type { ActHooks, Ordered } from '../change-engine.ts';
import { newRunId } from '../run-id.ts';
import type { LocalOrder } from './order.ts';
import type { LocalOrders } from './orders.ts';
import { terminalActor, terminalBy } from './policy.ts';

/** What carrying out an order at a terminal works with. */
export interface Carrying {
  orders: LocalOrders;
  target: Target;
  policy: Policy;
  /** Whoever sits there. */
  user: string;
  perform: (target: Target, ordered: Ordered, hooks: ActHooks) => Promise<ActResult>;
  onStep: (step: RunStep) => void;
  /** What is begun is brought to its end, then nothing more; and: all ends now. */
  stopping: AbortSignal;
  signal: AbortSignal;
  /** Where a capture is kept, and whether its names are shown. */
  capture?: Pick<ActHooks, 'keepFile' | 'names'>;
  now: () => number;
}

/** The order as it stands then. `stays`: nothing was done, and why. `wrote`: what was written, in order. */
export interface Carried {
  order: LocalOrder;
  stays: Stays | null;
  wrote: Wrote[];
}

/** The facts that go into each line of the audit. */
export const actOf = ({ change, run, causes }: LocalOrder, { user, now }: Pick<Carrying, 'user' | 'now'>): Act => ({
  cluster: change.plan.cluster,
  run,
  now: now(),
  actor: terminalActor(user),
  details: { causes },
});

const wroteEntry = ({ change, run }: LocalOrder, { user, now }: Carrying, { object, how, resourceVersion }: Wrote): AuditEntry => ({
  at: now(),
  actor: terminalActor(user),
  action: 'wrote',
  cluster: change.plan.cluster,
  change: change.id,
  remedy: change.plan.remedy,
  run,
  digest: change.digest,
  details: { object: `${object.kind} ${object.namespace === null ? '' : `${object.namespace}/`}${object.name}`, how, resourceVersion },
});

/** Steps that only wait and look: until another one is told, nothing can have been written. */
const BEFORE_ANY_WRITE: readonly string[] = ['lease', 'look-before'];

type Came = { result: ActResult } | { broken: string; touched: boolean };

/** The act itself. What it throws is how it ended: this process is the only one that could go on with it. */
async function acted(start: LocalOrder, act: Ordered['act'], run: string, carrying: Carrying) {
  const { orders, target, perform, onStep, stopping, signal } = carrying;
  let order = start;
  let touched = false;
  const wrote: Wrote[] = [];
  const hooks: ActHooks = {
    ...carrying.capture,
    stopping,
    signal,
    onStep: (step) => {
      // the look is over whatever comes of it, and then the remedy writes
      touched ||= !BEFORE_ANY_WRITE.includes(step.id) || (step.id === 'look-before' && step.state !== 'running');
      onStep(step);
    },
    onWrote: async (write) => {
      wrote.push(write);
      await orders.note(wroteEntry(order, carrying, write));
    },
    onBefore: async (sight) => {
      if (act === 'apply') ({ order } = await orders.move(order, (change) => keepBefore(change, sight, actOf(order, carrying))));
    },
  };
  let came: Came;
  try {
    came = { result: await perform(target, { change: order.change, act, run, request: order.request }, hooks) };
  } catch (error) {
    const broken =
      signal.aborted || stopping.aborted ? 'it was ended from the terminal' : error instanceof Error ? error.message : String(error);
    came = { broken, touched };
  }
  return { order, wrote, came };
}

/** When a temporary change ends by itself; null: it does not, or there is nothing to end. */
const endOf = ({ change: { plan } }: LocalOrder, { undoable }: ActResult, since: number): number | null =>
  plan.endsAfterMs === null || !undoable ? null : since + plan.endsAfterMs;

/** Carries an approved order out. The policy is asked again; what came of it stands in the order when this resolves. */
export async function applyOrder(approved: LocalOrder, carrying: Carrying): Promise<Carried> {
  const { orders, policy, now } = carrying;
  const run = newRunId();
  const begun = await orders.move(approved, (change) => begin(change, policy, run, actOf(approved, carrying)));
  if (begun.stays !== null) return { ...begun, wrote: [] };
  const since = now();
  const { order, wrote, came } = await acted(begun.order, 'apply', run, carrying);
  const ended = await orders.move(order, (change) =>
    'result' in came
      ? finish(change, came.result, endOf(order, came.result, since), actOf(order, carrying))
      : refuse(change, came.broken, actOf(order, carrying), came.touched || wrote.length > 0),
  );
  return { ...ended, wrote };
}

const notUndone = (says: string, touched: boolean): ActResult => ({
  outcome: touched ? 'failed' : 'refused',
  says,
  next: touched ? ['Undo it again: it finds what is done already.'] : [],
  before: null,
  after: null,
  proof: touched ? 'unknown' : 'none',
  effectMs: null,
  undoable: true,
  queries: null,
  lines: [],
});

const DIED = 'the terminal that carried it out ended in the middle';

/**
 * Undoes an order, because somebody wants it or (`end`) because its time is over. One that a process died at in the middle is undone as far as it
 * had come; an undo that a process died at is gone on with. To be called with the order locked: nobody else works on it.
 */
export async function undoOrder(given: LocalOrder, by: 'person' | 'end', carrying: Carrying): Promise<Carried> {
  const { orders, policy, user } = carrying;
  const act = (): Act => actOf(given, carrying);
  let order = given;
  if (order.change.state === 'running') ({ order } = await orders.move(order, (change) => refuse(change, DIED, act(), true)));
  const run = order.change.state === 'undoing' ? (order.change.undoRun ?? newRunId()) : newRunId();
  if (order.change.state !== 'undoing') {
    const who = by === 'end' ? by : terminalBy(user);
    const asked = await orders.move(order, (change) => askUndo(change, policy, who, run, act()));
    if (asked.stays !== null) return { ...asked, wrote: [] };
    ({ order } = asked);
  }
  const begun = await orders.move(order, (change) => beginUndo(change, run, act()));
  if (begun.stays !== null) return { ...begun, wrote: [] };
  const { wrote, came, ...acting } = await acted(begun.order, 'undo', run, carrying);
  const result = 'result' in came ? came.result : notUndone(came.broken, came.touched || wrote.length > 0);
  const ended = await orders.move(acting.order, (change) => finishUndo(change, result, act()));
  return { ...ended, wrote };
}
