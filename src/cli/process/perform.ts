import { Failure, UsageError } from '../../base/failure.ts';
import { connect } from '../../cluster/connect.ts';
import { sweep } from '../../cluster/probe-sweep.ts';
import { collectors } from '../../collect/registry.ts';
import type { Target } from '../../config/load.ts';
import type { DoctorReport } from '../../domain/doctor.ts';
import type { Bundle } from '../../domain/report.ts';
import type { CheckRequest } from '../../domain/request.ts';
import type { RunOrder, RunResult, RunStep } from '../../domain/run.ts';
import { inOrder, isWanted, type Step } from '../../flows/schedule.ts';
import { examine } from '../doctor-questions.ts';
import { judge, type Listeners, runCheck } from '../engine.ts';

/** What a worker does with a cluster: the engine itself, or recorded runs in its place. */
export interface Engine {
  check(target: Target, request: CheckRequest, id: string, signal: AbortSignal, listeners: Listeners): Promise<Bundle>;
  doctor(target: Target, request: CheckRequest): Promise<DoctorReport>;
  /** Removes what a worker that died left of this run. */
  sweep(target: Target, id: string): Promise<void>;
}

async function withPort<T>(target: Target, use: (port: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> {
  const port = await connect(target.access, process.env);
  try {
    return await use(port);
  } finally {
    await port.close();
  }
}

/** The engine on real clusters. */
export const realEngine: Engine = {
  check: (target, request, id, signal, listeners) => runCheck(target, request, signal, listeners, id),
  doctor: (target, request) =>
    withPort(target, (port) => {
      const podNamespace = request.pod?.split('/')[0] ?? null;
      return examine({ cluster: target.name, port, settings: target.settings, podNamespace, probe: false });
    }),
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

async function check(engine: Engine, target: Target, { run, request }: RunOrder, hooks: PerformHooks, warn: Warn): Promise<RunResult> {
  pendingSteps(request).forEach((step) => hooks.onStep(step));
  const listeners: Listeners = {
    // steps that end because the run was ended have not failed
    onStep: (step) => (hooks.signal.aborted ? undefined : hooks.onStep(asRunStep(step))),
    onLeft: (failure) => warn(run, failure.message),
  };
  const bundle = await engine.check(target, request, run, hooks.signal, listeners);
  // what could be read until it was ended is not the answer to what was asked
  if (hooks.signal.aborted) throw hooks.signal.reason;
  return { kind: 'check', report: judge(bundle), readings: bundle.readings };
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
export function performer(targets: readonly Target[], engine: Engine, warn: Warn) {
  const targetOf = ({ request }: RunOrder): Target => {
    const target = targets.find(({ name }) => name === request.cluster);
    if (target === undefined) throw new Failure('missing', `this worker does not serve ${request.cluster}`);
    return target;
  };
  return {
    perform: async (order: RunOrder, hooks: PerformHooks): Promise<RunResult> => {
      try {
        const target = targetOf(order);
        return await (order.kind === 'check' ? check(engine, target, order, hooks, warn) : doctor(engine, target, order, hooks));
      } catch (error) {
        throw asAnswer(error);
      }
    },
    beforeRetry: (order: RunOrder): Promise<void> => engine.sweep(targetOf(order), order.run),
  };
}
