import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCapturePods } from '../cluster/capture-pods.ts';
import { type ChangeLease, holdChangeLease, type LeaseOptions } from '../cluster/change-lease.ts';
import type { ClusterPort } from '../cluster/port.ts';
import { createProbePods } from '../cluster/probes.ts';
import type { Target } from '../config/load.ts';
import { analysisWith, type Names } from '../flows/capture.ts';
import { stopOf } from '../queue/stopped.ts';
import type { ActContext, Capturing } from '../remedies/remedy.ts';

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
  /** The Leases of which one is held, in the namespace of the capture pods. Left out: the one of all changes. */
  leases?: readonly string[] | undefined;
  /** Opens a file anew that a capture is kept in. Left out: they are not kept. */
  keepFile?: Capturing['keepFile'] | undefined;
  /** Of what was captured; redacted unless said. */
  names?: Names | undefined;
  /** All ends now. */
  signal: AbortSignal;
}

function contextOf(port: ClusterPort, acting: Acting, { lost }: ChangeLease): ActContext & { capturing: Capturing } {
  const { target, run, probeSeconds, request, change, endsAt, say, wrote, stopping, keepFile, names = 'redacted' } = acting;
  const signal = AbortSignal.any([acting.signal, lost]);
  const pods = createCapturePods(port, target.settings, change);
  return {
    port,
    probes: createProbePods(port, target.settings.probe, { id: run, deadlineSeconds: probeSeconds }),
    capturing: { pods, analyse: analysisWith(names), ...(keepFile === undefined ? {} : { keepFile }) },
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

/** The Lease to hold: of changes, one for the process; of others, one for each order, for several may go on at once. */
function leaseOf({ target: { settings }, change, leases }: Acting): Pick<LeaseOptions, 'namespace' | 'names' | 'kind' | 'holder'> {
  if (leases === undefined) return { namespace: settings.probe.namespace, holder: HOLDER };
  return { namespace: settings.capture.namespace, names: leases, kind: 'capture', holder: `${HOLDER}-${change.slice(0, 10)}` };
}

/**
 * Acts on a cluster while this process holds its lease; the pods of the act are gone when it returns. Rejects with a Failure where the lease
 * is not to be had, and with another error where it was lost in the middle: then whoever has the order goes on with it.
 */
export async function underLease<T>(port: ClusterPort, acting: Acting, act: (context: ActContext) => Promise<T>): Promise<T> {
  const { change, waitMs, signal, stopping, onWait } = acting;
  const lease = await holdChangeLease(port, {
    ...leaseOf(acting),
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
    // whoever goes on with the order finds them by its id
    if (!lease.lost.aborted && stopOf(signal) !== 'lost') await context.capturing.pods.close().catch(() => undefined);
    await lease.release();
  }
}
