import type { Target } from '../../config/load.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Log } from '../../telemetry/log.ts';
import { regularly, seldom } from './bot-hooks.ts';
import type { Part } from './lifecycle.ts';
import type { Engine } from './perform.ts';
import type { OrderBook } from './perform-change.ts';

/** Every cluster is looked at so often, one after the other. Milliseconds. */
const EVERY_MS = 30_000;

const sweptEntry = (cluster: string, order: string, says: string, outcome: string): AuditEntry => ({
  at: Date.now(),
  actor: { kind: 'worker', id: 'sweep' },
  action: 'swept',
  cluster,
  change: order,
  remedy: 'enable-query-log',
  run: null,
  digest: null,
  details: { outcome, says: says.slice(0, 300) },
});

/**
 * Ends temporary changes whose time is over and that no job has ended: the bot was away, or Redis has forgotten. What it did is in the log whether
 * Redis is there or not.
 */
export function sweeping(targets: readonly Target[], engine: Engine, book: OrderBook, log: Log): Part {
  const ending = new AbortController();
  const onError = seldom(log, 'temporary changes could not be looked for');
  const one = async (target: Target): Promise<void> => {
    const swept = await engine.sweepChange(target, ending.signal, (object) => log.warn({ cluster: target.name, object }, 'swept: wrote'));
    if (swept === null) return;
    const { order, acted } = swept;
    log.warn(
      { cluster: target.name, order, outcome: acted.outcome, says: acted.says },
      'a temporary change was ended from what stands in the cluster',
    );
    await book.audit(sweptEntry(target.name, order, acted.says, acted.outcome)).catch(onError);
  };
  const all = async (): Promise<void> => {
    for (const target of targets) await one(target).catch(onError);
  };
  const looking = regularly(ending.signal, all, onError, EVERY_MS);
  return {
    name: 'sweep',
    stop: async () => {
      ending.abort();
      await looking;
    },
  };
}
