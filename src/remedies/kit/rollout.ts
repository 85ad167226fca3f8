import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import type { ObjectRef } from '../../domain/plan.ts';
import type { ActContext } from '../remedy.ts';
import { objectPath } from './edit.ts';

const count = z.number().nullish().catch(null);
const Workload = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({ replicas: count, paused: z.boolean().nullish().catch(null) }),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberReady: count,
    })
    .catch({}),
});

/** How far a rollout is: pods that are new, that are ready, and that there should be. */
export interface Rolled {
  updated: number;
  ready: number;
  wanted: number;
  /** Old pods that are still there. */
  old: number;
  isDone: boolean;
  isPaused: boolean;
}

/** How far the rollout of a workload is, out of the API server's JSON; null where it is none. */
export function rolled(json: unknown): Rolled | null {
  const parsed = Workload.safeParse(json);
  if (!parsed.success) return null;
  const { metadata, spec, status } = parsed.data;
  const isDaemonSet = typeof status.desiredNumberScheduled === 'number';
  const wanted = (isDaemonSet ? status.desiredNumberScheduled : (spec.replicas ?? 1)) ?? 0;
  const updated = (isDaemonSet ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0;
  const ready = (isDaemonSet ? status.numberReady : status.readyReplicas) ?? 0;
  const old = isDaemonSet ? Math.max(0, wanted - updated) : Math.max(0, (status.replicas ?? 0) - updated);
  const isSeen = (status.observedGeneration ?? 0) >= metadata.generation;
  return {
    updated,
    ready,
    wanted,
    old,
    isDone: isSeen && updated >= wanted && ready >= wanted && old === 0,
    isPaused: spec.paused === true,
  };
}

const PAUSE_MS = 1_000;

async function look({ port, signal }: ActContext, object: ObjectRef): Promise<Rolled | null> {
  try {
    return rolled(await port.get(objectPath(object), {}, { signal }));
  } catch (error) {
    // the pods are replaced whether we can look or not
    if (error instanceof Failure && !signal.aborted) return null;
    throw error;
  }
}

/** Why it is waited no longer; null: it is. */
function whyNoLonger({ stopping }: ActContext, now: Rolled | null, { waitedMs, withinMs }: { waitedMs: number; withinMs: number }) {
  if (now?.isPaused === true) return 'its rollout is paused';
  if (waitedMs >= withinMs) return `not all are ready after ${Math.round(withinMs / 1_000)} s`;
  return stopping.aborted ? 'it was stopped, and is not waited for; the rollout goes on by itself' : null;
}

/**
 * Waits until all pods of a workload are new and ready; null then, else what is missing. It tells its step. Rejects when the signal fires.
 */
export async function waitForRollout(context: ActContext, object: ObjectRef, withinMs: number): Promise<string | null> {
  const began = context.now();
  const tell = (state: 'running' | 'ok' | 'failed', says: string, reason: string | null = null): void =>
    context.say({
      id: 'rollout',
      title: `Pods of ${object.name}: ${says}`,
      state,
      reason,
      durationMs: state === 'running' ? null : context.now() - began,
    });
  let says = 'waiting for the new pods';
  tell('running', says);
  for (;;) {
    const now = await look(context, object);
    if (now?.isDone === true) {
      tell('ok', `${now.ready} of ${now.wanted} new and ready`);
      return null;
    }
    const before = says;
    if (now !== null) says = `${now.updated} of ${now.wanted} new, ${now.ready} ready`;
    const why = whyNoLonger(context, now, { waitedMs: context.now() - began, withinMs });
    if (why !== null) {
      tell('failed', says, why);
      return `${says}: ${why}`;
    }
    if (says !== before) tell('running', says);
    await context.pause(PAUSE_MS);
  }
}
