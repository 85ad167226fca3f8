import { Failure } from '../base/failure.ts';
import type { ClusterPort } from '../cluster/port.ts';
import type { ProbePods } from '../cluster/probe-port.ts';
import type { Collector } from '../collect/collector.ts';
import type { Bundle } from '../domain/report.ts';
import type { CheckRequest } from '../domain/request.ts';
import type { ClusterSettings } from '../domain/settings.ts';
import { dnsElsewhere } from './dns-elsewhere.ts';
import { derive } from './derive.ts';
import { type OnStep, schedule } from './schedule.ts';

/** What a diagnosis needs. `probes` null: no pods of ours are wanted. `signal` ends it early; what is known by then is still given. */
export interface Diagnosis {
  id: string;
  port: ClusterPort;
  probes: ProbePods | null;
  collectors: readonly Collector[];
  request: CheckRequest;
  settings: ClusterSettings;
  signal: AbortSignal;
  now: () => number;
  onStep: OnStep;
  /** Told when probe pods could not be removed. */
  onLeft?: (failure: Failure) => void;
}

/** Long enough for a slow link, short enough that a dead API server is said within ten seconds. */
const preflightMs = 6_000;

/** Ends the run when the API server cannot be reached or refuses the credentials: then every reading has that one reason. */
async function preflight({ port, signal }: Diagnosis, end: (reason: Failure) => void): Promise<void> {
  await port.get('/version', {}, { signal, timeoutMs: preflightMs }).catch((error: unknown) => {
    const failure = error instanceof Failure ? error : new Failure('error', String(error));
    if (failure.reason !== 'forbidden' && failure.reason !== 'missing') end(failure);
  });
}

/** Collects all facts of a run. Never rejects; probe pods are gone when it is done, or `onLeft` was told. */
export async function diagnose(run: Diagnosis): Promise<Bundle> {
  const { id, port, probes, collectors, request, settings, now, onStep } = run;
  const began = now();
  const ended = new AbortController();
  const late = setTimeout(
    () => ended.abort(new Failure('timeout', `the run was ended after ${request.timeoutMs / 1000} s`)),
    request.timeoutMs,
  );
  const signal = AbortSignal.any([run.signal, ended.signal]);
  try {
    const context = { port, probes, request, settings, signal, now };
    const [first] = await Promise.all([schedule(collectors, context, onStep), preflight(run, (failure) => ended.abort(failure))]);
    const elsewhere = await dnsElsewhere(derive(first), port, settings, signal);
    const readings = derive(elsewhere === null ? first : await schedule(collectors, { ...context, settings: elsewhere }, onStep));
    const startedAt = new Date(began).toISOString();
    return {
      schema: 'dns-medic/bundle/v1',
      run: { id, cluster: request.cluster, startedAt, durationMs: now() - began, request },
      readings: readings,
      cost: port.cost(),
    };
  } finally {
    clearTimeout(late);
    await probes?.close().catch((error: unknown) => run.onLeft?.(error instanceof Failure ? error : new Failure('error', String(error))));
  }
}
