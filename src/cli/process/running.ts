import { UsageError } from '../../base/failure.ts';
import type { SharedSettings } from '../../config/environment.ts';
import { serveHealth } from '../../telemetry/health.ts';
import { errorText, type Log } from '../../telemetry/log.ts';
import { createMetrics, type Metrics, type QueueDepth } from '../../telemetry/metrics.ts';
import { type Lifecycle, lifecycle } from './lifecycle.ts';
import { processLog } from './telemetry.ts';

/** A part of the product that goes on in a process: what it says of itself. */
export interface Running {
  /** Null: it can do its work; else why not. */
  ready(): Promise<string | null> | string | null;
  depths?(): Promise<readonly QueueDepth[]>;
}

/** What such a part is started with. */
export interface Surroundings {
  log: Log;
  life: Lifecycle;
  metrics: Metrics;
}

type Start = (surroundings: Surroundings) => Promise<Running>;

async function readiness(parts: readonly Running[], wanted: number): Promise<string | null> {
  if (parts.length < wanted) return 'starting';
  const problems = await Promise.all(parts.map(async (part) => part.ready()));
  return problems.find((problem) => problem !== null) ?? null;
}

/**
 * Runs parts in this process until a signal ends it; gives the exit status. Health and metrics are there from the first moment. Rejects with a
 * UsageError when the configuration does not let a part start; what had been started is ended then.
 */
export async function runProcess(name: string, settings: SharedSettings, starts: readonly Start[]): Promise<number> {
  const log = processLog(settings.logLevel, name);
  const life = lifecycle(log, settings.stopMs);
  const parts: Running[] = [];
  const metrics = createMetrics(async () => (await Promise.all(parts.map(async (part) => part.depths?.() ?? []))).flat());
  const ready = async (): Promise<string | null> => (life.stopping() ? 'stopping' : readiness(parts, starts.length));
  const health = await serveHealth(settings.healthPort, { live: () => null, ready, metrics: () => metrics.text() }).catch(
    (error: unknown) => {
      throw new UsageError(`HEALTH_PORT: ${settings.healthPort}: ${errorText(error)}`);
    },
  );
  life.started({ name: 'health', stop: () => health.close() });
  try {
    for (const start of starts) parts.push(await start({ log, life, metrics }));
  } catch (error) {
    await life.stop('it could not start');
    throw error;
  }
  log.info({ healthPort: health.port }, 'up');
  return life.ended;
}
