import { Failure } from '../../base/failure.ts';
import type { Json } from '../../cluster/port.ts';
import type { Evidence, ReadingData, ReadingId } from '../../domain/evidence.ts';
import type { Node } from '../../domain/nodes.ts';
import type { ObjectRef } from '../../domain/plan.ts';
import type { NoDraft, PlanContext } from '../remedy.ts';
import { objectPath } from './edit.ts';

/** What the check read, or undefined. */
export function seen<K extends ReadingId>(evidence: Evidence, id: K): ReadingData[K] | undefined {
  const reading = evidence[id];
  return reading?.status === 'ok' ? reading.data : undefined;
}

/** Why there is no plan without a reading. `what`: "the workload of CoreDNS". */
export function unread(evidence: Evidence, id: ReadingId, what: string): NoDraft {
  const reading = evidence[id];
  const isMissing = reading?.status === 'failed' && reading.reason === 'missing';
  const why = reading?.status === 'failed' ? reading.message : 'it was not looked at';
  return { why: isMissing ? 'not-here' : 'unknown', says: `${what} could not be read: ${why}` };
}

/** An object as it is now; null: there is none. Rejects with a Failure. */
export async function liveObject({ port, signal }: Pick<PlanContext, 'port' | 'signal'>, object: ObjectRef): Promise<Json | null> {
  try {
    return await port.get(objectPath(object), {}, { signal });
  } catch (error) {
    if (error instanceof Failure && error.reason === 'missing') return null;
    throw error;
  }
}

/** The uid of an object; null where it has none. */
export const uidOf = (json: Json): string | null => {
  const uid: unknown = json['metadata']?.['uid'];
  return typeof uid === 'string' ? uid : null;
};

/** Nodes that an ordinary pod can run on: ready, not cordoned, Linux, no taint that keeps pods off. */
export const schedulable = (nodes: readonly Node[]): Node[] =>
  nodes.filter(
    ({ ready, unschedulable, os, kind, taints }) =>
      ready && !unschedulable && os === 'linux' && kind !== 'virtual' && !taints.some(({ effect }) => effect !== 'PreferNoSchedule'),
  );
