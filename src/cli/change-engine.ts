import { hostname } from 'node:os';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { planDigest } from '../access/changes/digest.ts';
import { Failure } from '../base/failure.ts';
import { holdChangeLease } from '../cluster/change-lease.ts';
import { connect } from '../cluster/connect.ts';
import type { ClusterPort } from '../cluster/port.ts';
import type { ProbePods } from '../cluster/probe-port.ts';
import { createProbePods } from '../cluster/probes.ts';
import { checkRights } from '../cluster/rights.ts';
import { collectors } from '../collect/registry.ts';
import type { Target } from '../config/load.ts';
import type { Change, Proposal } from '../domain/change.ts';
import type { ActResult, Sight } from '../domain/plan.ts';
import type { Permission } from '../domain/reading.ts';
import type { Bundle, Report } from '../domain/report.ts';
import type { CheckRequest } from '../domain/request.ts';
import type { RunStep } from '../domain/run.ts';
import { diagnose } from '../flows/diagnose.ts';
import { propose } from '../flows/propose.ts';
import { carryOut } from '../flows/remedy.ts';
import { remedies, remedyOf } from '../remedies/registry.ts';
import type { CorefileHistory, Wrote } from '../remedies/remedy.ts';
import { judge, type Listeners, runCheck } from './engine.ts';

/** A name for this process that no other has. */
export const HOLDER = `${hostname().slice(0, 100)}-${process.pid}-${randomBytes(4).toString('hex')}`;

/** Another change in the same cluster is waited for so long. */
const LEASE_WAIT_MS = 60_000;
/** Probe pods of an act end by themselves after it. */
const PROBE_SECONDS = 1_800;

/** Of these rights those that we lack, as RBAC rules. Rejects with a Failure when the API server does not say. */
async function missingRights(port: ClusterPort, { settings }: Target, pod: string | null, needs: readonly Permission[]): Promise<string[]> {
  const namespaces = {
    dns: settings.dns.namespace,
    system: 'kube-system',
    probe: settings.probe.namespace,
    pod: pod?.split('/')[0] ?? null,
  };
  const answers = await checkRights(port, needs, namespaces);
  const silent = answers.find(({ allowed }) => allowed === null);
  if (silent !== undefined) throw new Failure('error', silent.message ?? 'the API server does not say what we may do');
  return [...new Set(answers.filter(({ allowed }) => allowed !== true).map(({ allow }) => allow))];
}

/** What can be done about what a bundle shows. It reads the cluster, and changes nothing. */
export async function proposalsFor(
  target: Target,
  bundle: Bundle,
  report: Report,
  corefiles: CorefileHistory,
  signal: AbortSignal,
): Promise<Proposal[]> {
  if (report.verdict.status === 'healthy' && bundle.run.request.remedy === undefined) return [];
  const port = await connect(target.access, process.env);
  try {
    return await propose(report, bundle, {
      remedies,
      missing: (needs) => missingRights(port, target, bundle.run.request.pod, needs),
      newId: () => randomBytes(16).toString('hex'),
      digest: planDigest,
      context: { port, settings: target.settings, corefiles, signal, now: Date.now },
    });
  } finally {
    await port.close();
  }
}

/** A check, and what can be done about what it found. `request.remedy`: what is asked for by name. */
export async function planFor(
  target: Target,
  request: CheckRequest,
  corefiles: CorefileHistory,
  listeners: Listeners,
  signal: AbortSignal,
): Promise<{ bundle: Bundle; report: Report; proposals: Proposal[] }> {
  const bundle = await runCheck(target, request, signal, listeners);
  const report = judge(bundle);
  return { bundle, report, proposals: await proposalsFor(target, bundle, report, corefiles, signal) };
}

/** Who hears of an act, and how it is ended. */
export interface ActHooks {
  onStep(step: RunStep): void;
  onWrote(write: Wrote): Promise<void>;
  onBefore: (sight: Sight) => Promise<void>;
  /** What is begun is brought to its end, then nothing more. */
  stopping: AbortSignal;
  /** All ends now. */
  signal: AbortSignal;
}

/** An order to carry out. `run`: ten hexadecimal digits, the label of its probe pods; `request`: of the check that proposed it. */
export interface Ordered {
  change: Change;
  act: 'apply' | 'undo';
  run: string;
  request: CheckRequest;
}

/** Looks with the probe pods of the act, which stay for the next look. */
function lookWith(port: ClusterPort, probes: ProbePods, target: Target, { run, request }: Ordered) {
  const kept: ProbePods = { ...probes, close: () => Promise.resolve() };
  return async (signal: AbortSignal): Promise<Report> =>
    judge(
      await diagnose({
        id: run,
        port,
        probes: request.probePods ? kept : null,
        collectors,
        request: { ...request, cluster: target.name },
        settings: target.settings,
        signal,
        now: Date.now,
        onStep: () => undefined,
      }),
    );
}

/** Rejects with a Failure when it could not begin: the cluster cannot be reached, or somebody else is changing it. */
export async function performChange(target: Target, ordered: Ordered, hooks: ActHooks): Promise<ActResult> {
  const { change, act, run, request } = ordered;
  const remedy = remedyOf(change.plan.remedy);
  if (remedy === undefined) throw new Failure('missing', `this version of dns-medic has no remedy ${change.plan.remedy}`);
  const port = await connect(target.access, process.env);
  const probes = createProbePods(port, target.settings.probe, { id: run, deadlineSeconds: PROBE_SECONDS });
  try {
    const { namespace } = target.settings.probe;
    const onWait = (holder: string): void =>
      hooks.onStep({
        id: 'lease',
        title: `Waiting for another change to end (${holder})`,
        state: 'running',
        reason: null,
        durationMs: null,
      });
    const lease = await holdChangeLease(port, {
      namespace,
      holder: HOLDER,
      change: change.id,
      waitMs: LEASE_WAIT_MS,
      signal: AbortSignal.any([hooks.signal, hooks.stopping]),
      onWait,
    });
    try {
      const signal = AbortSignal.any([hooks.signal, lease.lost]);
      const { endsAfterMs } = change.plan;
      const context = {
        port,
        probes,
        request,
        settings: target.settings,
        change: change.id,
        endsAt: endsAfterMs === null ? null : Date.now() + endsAfterMs,
        say: (step: RunStep) => hooks.onStep(step),
        wrote: (write: Wrote) => hooks.onWrote(write),
        mayWrite: () => signal.throwIfAborted(),
        stopping: hooks.stopping,
        signal,
        now: Date.now,
        pause: (ms: number) => sleep(ms, undefined, { signal }),
      };
      return await carryOut({ remedy, change, act, context, look: lookWith(port, probes, target, ordered), onBefore: hooks.onBefore });
    } catch (error) {
      // not an answer: whoever has the order then goes on with it
      if (lease.lost.aborted && !hooks.signal.aborted) throw new Error('the lease on the cluster was lost in the middle', { cause: error });
      throw error;
    } finally {
      await lease.release();
    }
  } finally {
    await probes.close().catch(() => undefined);
    await port.close();
  }
}
