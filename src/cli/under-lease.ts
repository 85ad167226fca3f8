import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChangeLease, holdChangeLease } from '../cluster/change-lease.ts';
import type { ClusterPort } from '../cluster/port.ts';
import { createProbePods } from '../cluster/probes.ts';
import type { Target } from '../config/load.ts';
import type { ActContext } from '../remedies/remedy.ts';

/** A name for this process that no other has. */
const HOLDER = `${hostname().slice(0, 100)}-${process.pid}-${randomBytes(4).toString('hex')}`;

/** What differs between acts. */
export interface Acting extends Pick<ActContext, 'request' | 'change' | 'endsAt' | 'say' | 'wrote' | 'stopping'> {
  target: Target;
  /** Ten hexadecimal digits: the label of its probe pods, which end by themselves after so many seconds. */
  run: string;
  probeSeconds: number;
  /** Another change in the same cluster is waited for so long. */
  waitMs: number;
  onWait?: (holder: string) => void;
  /** All ends now. */
  signal: AbortSignal;
}

function contextOf(port: ClusterPort, acting: Acting, { lost }: ChangeLease): ActContext {
  const { target, run, probeSeconds, request, change, endsAt, say, wrote, stopping } = acting;
  const signal = AbortSignal.any([acting.signal, lost]);
  return {
    port,
    probes: createProbePods(port, target.settings.probe, { id: run, deadlineSeconds: probeSeconds }),
    request,
    settings: target.settings,
    change,
    endsAt,
    say,
    wrote,
    mayWrite: () => signal.throwIfAborted(),
    stopping,
    signal,
    now: Date.now,
    pause: (ms) => sleep(ms, undefined, { signal }),
  };
}

/**
 * Acts on a cluster while this process holds its lease; the probe pods of the act are gone when it returns. Rejects with a Failure where the lease
 * is not to be had, and with another error where it was lost in the middle: then whoever has the order goes on with it.
 */
export async function underLease<T>(port: ClusterPort, acting: Acting, act: (context: ActContext) => Promise<T>): Promise<T> {
  const { target, change, waitMs, signal, stopping, onWait } = acting;
  const lease = await holdChangeLease(port, {
    namespace: target.settings.probe.namespace,
    holder: HOLDER,
    change,
    waitMs,
    signal: AbortSignal.any([signal, stopping]),
    ...(onWait === undefined ? {} : { onWait }),
  });
  const context = contextOf(port, acting, lease);
  try {
    return await act(context);
  } catch (error) {
    if (lease.lost.aborted && !signal.aborted) throw new Error('the lease on the cluster was lost in the middle', { cause: error });
    throw error;
  } finally {
    await context.probes.close().catch(() => undefined);
    await lease.release();
  }
}
