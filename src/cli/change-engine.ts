import { randomBytes } from 'node:crypto';
import { planDigest } from '../access/changes/digest.ts';
import { Failure } from '../base/failure.ts';
import { createCaptureTrial } from '../cluster/capture-trial.ts';
import type { ClusterPort } from '../cluster/port.ts';
import type { ProbePods } from '../cluster/probe-port.ts';
import { checkRights } from '../cluster/rights.ts';
import { collectors } from '../collect/registry.ts';
import type { Target } from '../config/load.ts';
import type { Change, Proposal } from '../domain/change.ts';
import type { ActResult, Sight } from '../domain/plan.ts';
import type { Permission } from '../domain/reading.ts';
import type { Bundle, Report } from '../domain/report.ts';
import type { CheckRequest } from '../domain/request.ts';
import type { RunStep } from '../domain/run.ts';
import type { Names } from '../flows/capture.ts';
import { diagnose } from '../flows/diagnose.ts';
import { propose } from '../flows/propose.ts';
import { lookedAt } from '../flows/looked-at.ts';
import { type Act, carryOut, type When } from '../flows/remedy.ts';
import { withCapture } from '../flows/weigh.ts';
import { remedies, remedyOf } from '../remedies/registry.ts';
import type { Capturing, CorefileHistory, Wrote } from '../remedies/remedy.ts';
import { judge, type Listeners, runCheck } from './engine.ts';
import { rightsNamespaces } from './needs.ts';
import { underLease } from './under-lease.ts';
import { withPort } from './with-port.ts';

/** Another change in the same cluster is waited for so long. */
const LEASE_WAIT_MS = 60_000;
/** Probe pods of an act end by themselves after it. */
const PROBE_SECONDS = 1_800;

/** Of these rights those that we lack, as RBAC rules. Rejects with a Failure when the API server does not say. */
async function missingRights(port: ClusterPort, { settings }: Target, pod: string | null, needs: readonly Permission[]): Promise<string[]> {
  const answers = await checkRights(port, needs, rightsNamespaces(settings, pod?.split('/')[0] ?? null));
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
  return withPort(target, (port) =>
    propose(report, bundle, {
      remedies,
      missing: (needs) => missingRights(port, target, bundle.run.request.pod, needs),
      newId: () => randomBytes(16).toString('hex'),
      digest: planDigest,
      context: {
        port,
        settings: target.settings,
        corefiles,
        tryCapture: createCaptureTrial(port, target.settings),
        signal,
        now: Date.now,
      },
    }),
  );
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
  /** Opens a file anew that a capture is kept in. Left out: they are not kept. */
  keepFile?: Capturing['keepFile'];
  /** Of what was captured; redacted unless said. */
  names?: Names;
}

/** An order to carry out. `run`: ten hexadecimal digits, the label of its probe pods; `request`: of the check that proposed it. */
export interface Ordered {
  change: Change;
  act: 'apply' | 'undo';
  run: string;
  request: CheckRequest;
}

/** Looks with the probe pods of the act, which stay for the next look. */
function lookWith(
  port: ClusterPort,
  probes: ProbePods,
  target: Target,
  { change, act, run, request }: Ordered,
): Pick<Act, 'look' | 'weigh'> {
  const kept: ProbePods = { ...probes, close: () => Promise.resolve() };
  const readAt = (signal: AbortSignal, pod: string | null): Promise<Bundle> =>
    diagnose({
      id: run,
      port,
      probes: request.probePods ? kept : null,
      collectors,
      request: { ...request, cluster: target.name, pod },
      settings: target.settings,
      signal,
      now: Date.now,
      onStep: () => undefined,
    });
  const podAt = (when: When) => (act === 'apply' && when === 'before' ? request.pod : lookedAt(change.plan, request.pod));
  return {
    look: async (signal, when) => judge(await readAt(signal, podAt(when))),
    weigh: async (signal, capture) => {
      const bundle = await readAt(signal, request.pod);
      return { alone: judge(bundle), together: judge(withCapture(bundle, capture)) };
    },
  };
}

const waitingStep = (holder: string): RunStep => ({
  id: 'lease',
  title: `Waiting for another change to end (${holder})`,
  state: 'running',
  reason: null,
  durationMs: null,
});

/** Rejects with a Failure when it could not begin: the cluster cannot be reached, or somebody else is changing it. */
export async function performChange(target: Target, ordered: Ordered, hooks: ActHooks): Promise<ActResult> {
  const { change, act, run, request } = ordered;
  const remedy = remedyOf(change.plan.remedy);
  if (remedy === undefined) throw new Failure('missing', `this version of dns-medic has no remedy ${change.plan.remedy}`);
  const { endsAfterMs } = change.plan;
  return withPort(target, (port) =>
    underLease(
      port,
      {
        target,
        run,
        request,
        change: change.id,
        probeSeconds: PROBE_SECONDS,
        waitMs: LEASE_WAIT_MS,
        onWait: (holder) => hooks.onStep(waitingStep(holder)),
        endsAt: endsAfterMs === null ? null : Date.now() + endsAfterMs,
        say: (step) => hooks.onStep(step),
        wrote: (write) => hooks.onWrote(write),
        stopping: hooks.stopping,
        signal: hooks.signal,
        leases: remedy.leases,
        keepFile: hooks.keepFile,
        names: hooks.names,
      },
      (context) => carryOut({ remedy, change, act, context, ...lookWith(port, context.probes, target, ordered), onBefore: hooks.onBefore }),
    ),
  );
}
