import { Failure, UsageError } from '../../base/failure.ts';
import { sweep } from '../../cluster/probe-sweep.ts';
import { collectors } from '../../collect/registry.ts';
import type { Target } from '../../config/load.ts';
import type { DoctorReport } from '../../domain/doctor.ts';
import type { Proposal } from '../../domain/change.ts';
import type { ActResult } from '../../domain/plan.ts';
import type { Bundle, Report } from '../../domain/report.ts';
import type { CheckRequest } from '../../domain/request.ts';
import type { RunOrder, RunResult, RunStep } from '../../domain/run.ts';
import { inOrder, isWanted, type Step } from '../../flows/schedule.ts';
import { examine } from '../doctor-questions.ts';
import type { CorefileHistory } from '../../remedies/remedy.ts';
import { type ActHooks, type Ordered, performChange, proposalsFor } from '../change-engine.ts';
import { judge, type Listeners, runCheck } from '../engine.ts';
import { sweepCluster, type Swept } from '../sweep-change.ts';
import { withPort } from '../with-port.ts';
import { type ChangeWork, performOrder } from './perform-change.ts';

/** What a worker does with a cluster: the engine itself, or recorded runs in its place. */
export interface Engine {
  check(target: Target, request: CheckRequest, id: string, signal: AbortSignal, listeners: Listeners): Promise<Bundle>;
  doctor(target: Target, request: CheckRequest): Promise<DoctorReport>;
  /** What can be done about what a check found; null: nothing can be done in these clusters. */
  propose:
    ((target: Target, bundle: Bundle, report: Report, corefiles: CorefileHistory, signal: AbortSignal) => Promise<Proposal[]>) | null;
  /** Carries an order out, or undoes it. */
  act: (target: Target, ordered: Ordered, hooks: ActHooks) => Promise<ActResult>;
  /** Ends a temporary change whose time is over, from what stands in the cluster; null: there is none. */
  sweepChange(target: Target, signal: AbortSignal, onWrote: (object: string) => void): Promise<Swept | null>;
  /** Removes what a worker that died left of this run. */
  sweep(target: Target, id: string): Promise<void>;
}

/** The engine on real clusters. */
export const realEngine: Engine = {
  check: (target, request, id, signal, listeners) => runCheck(target, request, signal, listeners, id),
  doctor: (target, request) =>
    withPort(target, (port) => {
      const podNamespace = request.pod?.split('/')[0] ?? null;
      return examine({ cluster: target.name, port, settings: target.settings, podNamespace, probe: false });
    }),
  propose: proposalsFor,
  act: performChange,
  sweepChange: sweepCluster,
  sweep: (target, id) =>
    withPort(target, async (port) => {
      await sweep(port, target.settings.probe, { olderThanSeconds: Infinity, finishedRuns: [id] });
    }),
};

/** What a run tells while it goes on, and what it may be ended by. */
export interface PerformHooks {
  signal: AbortSignal;
  attempt: number;
  onStep(step: RunStep): void;
}

const pendingSteps = (request: CheckRequest): RunStep[] =>
  inOrder(collectors.filter((collector) => isWanted(collector, request))).map(({ id, title }) => ({
    id,
    title,
    state: 'pending',
    reason: null,
    durationMs: null,
  }));

const asRunStep = (step: Step): RunStep =>
  step.event === 'start'
    ? { id: step.id, title: step.title, state: 'running', reason: null, durationMs: null }
    : { id: step.id, title: step.title, state: step.status, reason: step.reason, durationMs: step.durationMs };

/** A mistake of the request (a pod that is not there) is the run's answer, not a trouble to try again. */
function asAnswer(error: unknown): unknown {
  return error instanceof UsageError ? new Failure('missing', error.message.replace(/^--(?:pod|node): /, '')) : error;
}

const PROPOSING: Omit<RunStep, 'state' | 'durationMs'> = { id: 'remedies', title: 'Planning what could be done', reason: null };

/** What could be done is worth a little time more; that it cannot be told is no reason to lose what was found. */
async function proposals(doing: Doing, bundle: Bundle, report: Report, hooks: PerformHooks): Promise<Proposal[]> {
  const { signal } = hooks;
  const onStep = (step: RunStep): void => hooks.onStep(step);
  const { engine, target, kept } = doing;
  const { propose } = engine;
  if (propose === null || (report.verdict.status === 'healthy' && bundle.run.request.remedy === undefined)) return [];
  const began = Date.now();
  onStep({ ...PROPOSING, state: 'running', durationMs: null });
  try {
    const found = await propose(target, bundle, report, () => kept.corefiles(target.name), signal);
    onStep({ ...PROPOSING, state: 'ok', durationMs: Date.now() - began });
    return kept.sealed(bundle.run.id, found);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onStep({ ...PROPOSING, state: 'failed', reason, durationMs: Date.now() - began });
    return [];
  }
}

/** What a worker keeps of clusters between runs. */
export interface Kept {
  /** Corefiles that once worked, newest first. */
  corefiles: (cluster: string) => ReturnType<CorefileHistory>;
  /** What a check proposes, marked so that whoever can only write into Redis cannot propose anything. */
  sealed: (run: string, proposals: readonly Proposal[]) => Proposal[];
  /** Hears of each check that was judged. */
  onReport(cluster: string, bundle: Bundle, report: Report): void;
}

interface Doing {
  engine: Engine;
  target: Target;
  kept: Kept;
  warn: Warn;
}

async function check(doing: Doing, { run, request }: RunOrder, hooks: PerformHooks): Promise<RunResult> {
  const { engine, target, kept, warn } = doing;
  pendingSteps(request).forEach((step) => hooks.onStep(step));
  const listeners: Listeners = {
    // steps that end because the run was ended have not failed
    onStep: (step) => (hooks.signal.aborted ? undefined : hooks.onStep(asRunStep(step))),
    onLeft: (failure) => warn(run, failure.message),
  };
  const bundle = await engine.check(target, request, run, hooks.signal, listeners);
  // what could be read until it was ended is not the answer to what was asked
  if (hooks.signal.aborted) throw hooks.signal.reason;
  const report = judge(bundle);
  kept.onReport(target.name, bundle, report);
  return { kind: 'check', report, readings: bundle.readings, proposals: await proposals(doing, bundle, report, hooks) };
}

async function doctor(engine: Engine, target: Target, { request }: RunOrder, { signal }: PerformHooks): Promise<RunResult> {
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Failure('skipped', 'it was ended')), { once: true });
  });
  return { kind: 'doctor', report: await Promise.race([engine.doctor(target, request), ended]) };
}

/** Told of what a run could not clear away. */
export type Warn = (run: string, message: string) => void;

/** Does what an order says, on the clusters that this worker has. Rejects with a Failure where the order itself cannot be done. */
export function performer(targets: readonly Target[], engine: Engine, warn: Warn, kept: Kept, changes: Omit<ChangeWork, 'act'>) {
  const targetOf = ({ request }: RunOrder): Target => {
    const target = targets.find(({ name }) => name === request.cluster);
    if (target === undefined) throw new Failure('missing', `this worker does not serve ${request.cluster}`);
    return target;
  };
  return {
    perform: async (order: RunOrder, hooks: PerformHooks): Promise<RunResult> => {
      try {
        const target = targetOf(order);
        if (order.kind === 'check') return await check({ engine, target, kept, warn }, order, hooks);
        if (order.kind === 'doctor') return await doctor(engine, target, order, hooks);
        const result = await performOrder({ ...changes, act: engine.act }, order, target, hooks);
        return { kind: 'change', result };
      } catch (error) {
        throw asAnswer(error);
      }
    },
    beforeRetry: (order: RunOrder): Promise<void> => engine.sweep(targetOf(order), order.run),
  };
}
