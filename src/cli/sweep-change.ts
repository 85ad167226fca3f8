import { setTimeout as sleep } from 'node:timers/promises';
import { holdChangeLease } from '../cluster/change-lease.ts';
import { connect } from '../cluster/connect.ts';
import { createProbePods } from '../cluster/probes.ts';
import type { Target } from '../config/load.ts';
import { endQueryLog, overdueQueryLog } from '../remedies/query-log/sweep.ts';
import type { Acted, ActContext } from '../remedies/remedy.ts';
import { HOLDER } from './change-engine.ts';
import { newRunId } from './run-id.ts';

/** What a sweep found and ended. `order`: 32 hexadecimal digits. */
export interface Swept {
  order: string;
  acted: Acted;
}

const LEASE_WAIT_MS = 30_000;
const USUAL_SELECTOR = 'k8s-app=kube-dns';

/**
 * Ends a temporary change whose time is over and that nobody has ended, from what it left in the cluster: it needs neither Redis nor a bot. Null:
 * there is none. Rejects with a Failure where the cluster cannot be asked.
 */
export async function sweepCluster(target: Target, signal: AbortSignal, onWrote: (object: string) => void): Promise<Swept | null> {
  const { settings } = target;
  const port = await connect(target.access, process.env);
  try {
    const found = await overdueQueryLog(port, settings.dns.namespace, Date.now());
    if (found === null) return null;
    const lease = await holdChangeLease(port, {
      namespace: settings.probe.namespace,
      holder: HOLDER,
      change: found.mark.order,
      waitMs: LEASE_WAIT_MS,
      signal,
    });
    try {
      // whoever had the lease may have ended it
      const still = await overdueQueryLog(port, settings.dns.namespace, Date.now());
      if (still === null) return null;
      const ending = AbortSignal.any([signal, lease.lost]);
      const context: ActContext = {
        port,
        probes: createProbePods(port, settings.probe, { id: newRunId(), deadlineSeconds: 60 }),
        request: {
          cluster: target.name,
          pod: null,
          node: null,
          names: [],
          quick: true,
          probePods: false,
          ephemeral: false,
          timeoutMs: 60_000,
        },
        settings,
        change: still.mark.order,
        endsAt: null,
        say: () => undefined,
        wrote: ({ object }) => Promise.resolve(onWrote(`${object.kind} ${object.namespace ?? ''}/${object.name}`)),
        mayWrite: () => ending.throwIfAborted(),
        stopping: signal,
        signal: ending,
        now: Date.now,
        pause: (ms) => sleep(ms, undefined, { signal: ending }),
      };
      return { order: still.mark.order, acted: await endQueryLog(context, still, settings.dns.selector ?? USUAL_SELECTOR) };
    } finally {
      await lease.release();
    }
  } finally {
    await port.close();
  }
}
