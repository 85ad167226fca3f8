import { randomBytes } from 'node:crypto';
import type { AuditEntry } from '../../../src/domain/audit.ts';
import { newChange, type Change, type Move, type Proposal } from '../../../src/domain/change.ts';
import type { ActResult, Plan } from '../../../src/domain/plan.ts';
import type { RunOrder, RunRecord, RunResult } from '../../../src/domain/run.ts';
import { openChanges, type Changes, type ChangesOptions } from '../../../src/queue/changes.ts';
import { connectRedis } from '../../../src/queue/connect.ts';
import type { RunDesk } from '../../../src/queue/desk.ts';
import type { OrderJudges } from '../../../src/queue/order-loop.ts';
import { openAudit } from '../../../src/audit/redis.ts';
import type { RunHooks } from '../../../src/queue/worker.ts';
import { sealedProposals } from '../../../src/queue/lives.ts';
import { ask, CLUSTER, person, PREFIX, result, seal, stands, type Opened } from './fixture.ts';

export const plan = (more: Partial<Plan> = {}): Plan => ({
  remedy: 'restart-coredns',
  params: {},
  cluster: CLUSTER,
  summary: 'restart two pods',
  risk: 'disruptive',
  helps: null,
  warnings: [],
  objects: [],
  pods: [],
  undo: 'it is put back',
  endsAfterMs: null,
  proves: [],
  effect: { withinMs: 1000, why: 'because' },
  data: { text: 'x' },
  madeAt: Date.now(),
  ...more,
});

export type Planned = Extract<Proposal, { plan: Plan }>;

export const proposal = (more: Partial<Plan> = {}): Planned => ({
  id: randomBytes(16).toString('hex'),
  plan: plan(more),
  digest: 'd'.repeat(64),
});

export const yes = (user: string): NonNullable<Change['requested']> => ({ person: person(user), channel: 'C1', at: Date.now() });

export const actResult = (outcome: ActResult['outcome'] = 'applied'): ActResult => ({
  outcome,
  says: 'so it was',
  next: [],
  before: null,
  after: null,
  proof: 'fixed',
  effectMs: 5,
  undoable: outcome !== 'refused',
  queries: null,
  lines: [],
});

const entryOf = (change: Change, action: AuditEntry['action']): AuditEntry => ({
  at: Date.now(),
  actor: { kind: 'person', id: 'U1' },
  action,
  cluster: change.plan.cluster,
  change: change.id,
  remedy: change.plan.remedy,
  run: null,
  digest: change.digest,
  details: {},
});

const ACTIONS: Partial<Record<Change['state'], AuditEntry['action']>> = { running: 'started', undoing: 'undo-requested' };

/** A judge that lets an order go from one state to the next, and else says that it is not there. */
export const from =
  (state: Change['state'], to: Change['state'], more: (change: Change) => Partial<Change> = () => ({})) =>
  (change: Change): Move =>
    change.state === state
      ? {
          to: { ...change, movedAt: Date.now(), state: to, ...more(change) },
          audit: entryOf(change, ACTIONS[to] ?? (to as AuditEntry['action'])),
        }
      : { not: { why: 'state', change } };

export const request = from('proposed', 'requested', () => ({ requested: yes('U1'), reason: 'because' }));
export const approve = from('requested', 'approved', () => ({ approvals: [yes('U2')] }));
export const askUndo = from('done', 'undoing', () => ({ undoneBy: 'U3', undoAsked: yes('U3'), undoRun: null }));

/** Judges of the bot's loop, simpler than in earnest. */
export const judges: OrderJudges = {
  expire: (change, { now }) => (now < change.expiresAt ? { not: { why: 'state', change } } : from(change.state, 'expired')(change)),
  left: (change, { progress }) => {
    const why = progress.error ?? progress.state;
    return change.state === 'undoing' ? from('undoing', 'done')(change) : from(change.state, 'refused', () => ({ why }))(change);
  },
};

/** A check that is done, with these proposals. */
export async function checked(at: Opened, desk: RunDesk, proposals: Proposal[], about: Parameters<typeof ask>[1] = {}): Promise<RunRecord> {
  const workers = await at.workers({
    perform: async ({ run }) => ({
      ...(result(run, CLUSTER) as Extract<RunResult, { kind: 'check' }>),
      proposals: sealedProposals(seal, run, proposals),
    }),
  });
  const { record } = await desk.ask(ask(CLUSTER, about));
  const done = await stands(desk, record.id, 'done');
  await workers.close(0);
  return done;
}

/** A check with one order, which was approved. */
export async function approved(at: Opened, desk: RunDesk, more: Partial<Plan> = {}): Promise<{ run: string; id: string }> {
  const one = proposal(more);
  const { id: run } = await checked(at, desk, [one]);
  await desk.move(run, one.id, request);
  await desk.move(run, one.id, approve);
  return { run, id: one.id };
}

/** The orders as a worker has them, over a connection of its own. */
export function changesAt(at: Opened, url: string, more: Partial<ChangesOptions> = {}): Changes {
  const redis = connectRedis(url, 'producer', () => undefined);
  at.closing(() => redis.disconnect());
  return openChanges({ redis, prefix: PREFIX, seal, ...more });
}

/** Performs orders as a worker does: begins, works, and writes what came of it into the order. */
export function performing(changes: Changes, work: (order: RunOrder, hooks: RunHooks) => Promise<Partial<Change>> = async () => ({})) {
  const begun: string[] = [];
  /** What had been begun before, and was not brought to its end. */
  const again: string[] = [];
  const perform = async (order: RunOrder, hooks: RunHooks): Promise<RunResult> => {
    const { of, change: id, act } = order.change!;
    const own = (change: Change) => (act === 'apply' ? change.applyRun : change.undoRun) === order.run;
    const start =
      act === 'apply'
        ? (change: Change) => from(change.state === 'running' && own(change) ? 'running' : 'approved', 'running')(change)
        : (change: Change) =>
            change.state === 'undoing' && own(change)
              ? from('undoing', 'undoing')(change)
              : from('done', 'undoing', () => ({ undoneBy: 'end', undoRun: order.run }))(change);
    let isAgain = false;
    const moved = await changes.move(of, id, (change) => {
      isAgain = act === 'apply' && change.state === 'running';
      return start(change);
    });
    if (moved.is !== 'moved') return { kind: 'change', result: actResult('refused') };
    (isAgain ? again : begun).push(`${act} ${hooks.attempt}`);
    const more = await work(order, hooks);
    const end = act === 'apply' ? from('running', 'done', () => more) : from('undoing', 'undone', () => ({ endsAt: null, ...more }));
    await changes.move(of, id, end);
    return { kind: 'change', result: actResult() };
  };
  return { perform, begun, again };
}

/** The whole chain as it stands in Redis. */
export const chainOf = ({ redis }: Opened) => openAudit({ redis, prefix: PREFIX });

export const fresh = (one: Planned): Change => newChange(one);
