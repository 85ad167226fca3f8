import { acceptOrder } from '../../access/verify.ts';
import type { Config, Target } from '../../config/load.ts';
import type { WorkerSettings } from '../../config/environment.ts';
import type { Policy } from '../../domain/access.ts';
import type { RunRecord } from '../../domain/run.ts';
import { startWorkers, type WorkerHooks } from '../../queue/worker.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Running, Surroundings } from './running.ts';
import { type Engine, performer } from './perform.ts';
import { fieldsOf } from './log-fields.ts';
import { policyOf, servedClusters } from './served.ts';
import { sweeping } from './sweeping.ts';
import { openWorkerOffice, type WorkerOffice } from './worker-orders.ts';

function counted(metrics: Metrics, log: Log, record: RunRecord): void {
  const { id: run, cluster, kind, progress, result } = record;
  const verdict = result?.kind === 'check' ? result.report.verdict.status : 'none';
  const seconds = progress.startedAt === null || progress.endedAt === null ? null : (progress.endedAt - progress.startedAt) / 1_000;
  metrics.runs.inc({ cluster, kind, state: progress.state, verdict });
  if (seconds !== null) metrics.runDuration.observe({ cluster, kind }, seconds);
  const cause = result?.kind === 'check' ? result.report.verdict.cause : null;
  log.info({ run, cluster, kind, state: progress.state, verdict, cause, seconds, attempt: progress.attempt }, 'run ended');
}

function hooksOf(
  targets: readonly Target[],
  policy: Policy,
  settings: WorkerSettings,
  engine: Engine,
  { kept, changes }: WorkerOffice,
  metrics: Metrics,
  log: Log,
): WorkerHooks {
  const { perform, beforeRetry } = performer(targets, engine, (run, message) => log.warn({ run }, message), kept, changes);
  return {
    verify: (signed, expected) => acceptOrder(settings.orderSecrets, policy, signed, { ...expected, now: Date.now() }),
    perform: (order, hooks) => {
      log.info({ run: order.run, cluster: order.request.cluster, kind: order.kind, attempt: hooks.attempt }, 'run started');
      return perform(order, hooks);
    },
    beforeRetry,
    onRefused: (reason, run, cluster, message) => {
      metrics.refused.inc({ reason });
      log.warn({ run, cluster, reason, error: message }, 'an order was refused');
    },
    onEnd: (record) => counted(metrics, log, record),
    onUnreadable: (run) => log.error({ run }, 'the record of a run cannot be understood'),
    log: (level, message, fields) => log[level](fieldsOf(fields), message),
  };
}

/** Starts the worker's part of a process: it takes runs from the queues of its clusters, and performs them with `engine`. */
export async function runWorker(
  settings: WorkerSettings,
  config: Config,
  engine: Engine,
  { log, life, metrics }: Surroundings,
): Promise<Running> {
  const targets = servedClusters(config, settings.clusters);
  const clusters = targets.map(({ name }) => name);
  const policy = policyOf(config);
  const office = openWorkerOffice(settings, policy, log, life);
  const workers = await startWorkers({
    ...hooksOf(targets, policy, settings, { ...engine, act: office.keeping(engine.act) }, office, metrics, log),
    url: settings.redisUrl,
    prefix: settings.prefix,
    clusters,
    concurrency: settings.concurrency,
    globalConcurrency: settings.concurrency,
    keepSeconds: settings.keepSeconds,
  });
  life.started({ name: 'worker', stop: () => workers.close(settings.stopMs) });
  life.started(sweeping(targets, engine, office.book, log));
  log.info({ clusters: clusters.join(',') }, 'the worker takes runs');
  return { ready: () => (workers.isReady() ? null : 'Redis does not answer') };
}
