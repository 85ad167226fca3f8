import type { PlannedPod } from '../../domain/plan.ts';
import type { ActContext } from '../remedy.ts';
import type { Asker } from './ask-around.ts';
import type { PodGates } from './gates.ts';
import { type LivePod, livePods, toServe } from './live-pod.ts';
import { readyAddresses } from './ready-addresses.ts';

/** What the replacement of pods works with. */
export interface Scene {
  context: ActContext;
  pods: readonly PlannedPod[];
  gates: PodGates;
  asker: Asker;
  /** Uids of new pods that have answered. */
  answered: Set<string>;
}

/** How it stands at a moment. */
export interface Seen {
  /** All pods, those on their way out too. */
  pods: LivePod[];
  /** Ready addresses of the Service. */
  addresses: Set<string>;
}

/** Looks. Rejects with a Failure. */
export async function look({ context: { port, signal }, gates }: Scene): Promise<Seen> {
  const { workload, selector, service } = gates;
  const [pods, addresses] = await Promise.all([
    livePods(port, { namespace: workload.namespace, selector }, { signal }),
    readyAddresses(port, service, { signal }),
  ]);
  return { pods, addresses };
}

/** Whether nodes send queries to it. */
export const serves = (pod: LivePod, { addresses }: Seen): boolean =>
  pod.ready && !pod.terminating && !pod.over && pod.ip !== null && addresses.has(pod.ip);

/** The pods that nodes send queries to, but for one. */
export const othersServing = (seen: Seen, uid: string): LivePod[] =>
  toServe(seen.pods).filter((pod) => pod.uid !== uid && serves(pod, seen));
