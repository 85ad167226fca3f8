import { Failure } from '../base/failure.ts';
import type { ClusterPort } from '../cluster/port.ts';
import { sweep } from '../cluster/probe-sweep.ts';
import type { Target } from '../config/load.ts';
import type { CheckRequest } from '../domain/request.ts';
import { endQueryLog, overdueQueryLog } from '../remedies/query-log/sweep.ts';
import type { Acted } from '../remedies/remedy.ts';
import { newRunId } from './run-id.ts';
import { underLease } from './under-lease.ts';
import { withPort } from './with-port.ts';

/** What a sweep found and ended. `order`: 32 hexadecimal digits. */
export interface Swept {
  order: string;
  acted: Acted;
}

const LEASE_WAIT_MS = 30_000;
const USUAL_SELECTOR = 'k8s-app=kube-dns';

const requestFor = (cluster: string): CheckRequest => ({
  cluster,
  pod: null,
  node: null,
  names: [],
  quick: true,
  probePods: false,
  ephemeral: false,
  timeoutMs: 60_000,
});

/** Removes capture pods that have ended by themselves. Where none may be made, none is. */
async function sweepCaptures(port: ClusterPort, { settings }: Target): Promise<void> {
  await sweep(port, settings.capture, { olderThanSeconds: Infinity }).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
  });
}

/**
 * Ends a temporary change whose time is over and that nobody has ended, from what it left in the cluster: it needs neither Redis nor a bot. Null:
 * there is none. Rejects with a Failure where the cluster cannot be asked.
 */
export const sweepCluster = (target: Target, signal: AbortSignal, onWrote: (object: string) => void): Promise<Swept | null> =>
  withPort(target, async (port) => {
    const { dns } = target.settings;
    await sweepCaptures(port, target);
    const found = await overdueQueryLog(port, dns.namespace, Date.now());
    if (found === null) return null;
    const acting = {
      target,
      run: newRunId(),
      request: requestFor(target.name),
      change: found.mark.order,
      probeSeconds: 60,
      waitMs: LEASE_WAIT_MS,
      endsAt: null,
      say: () => undefined,
      wrote: async ({ object }: { object: { kind: string; namespace: string | null; name: string } }) =>
        onWrote(`${object.kind} ${object.namespace ?? ''}/${object.name}`),
      stopping: signal,
      signal,
    };
    return underLease(port, acting, async (context) => {
      // whoever had the lease may have ended it
      const still = await overdueQueryLog(port, dns.namespace, Date.now());
      if (still === null) return null;
      return { order: still.mark.order, acted: await endQueryLog(context, still, dns.selector ?? USUAL_SELECTOR) };
    });
  });
