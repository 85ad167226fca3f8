import type { PlannedPod } from '../../domain/plan.ts';
import type { RunStep } from '../../domain/run.ts';
import type { Acted, ActContext } from '../remedy.ts';
import { createAsker } from './ask-around.ts';
import type { PodGates } from './gates.ts';
import { type One, replaceOne } from './replace-one.ts';
import type { Scene } from './scene.ts';

/** Pods to replace in this order, and what must hold before and after each. */
export interface Replacement {
  pods: readonly PlannedPod[];
  gates: PodGates;
}

type Tell = (state: RunStep['state'], says: string | null) => void;

function teller({ context, pods }: Scene, pod: PlannedPod, index: number): Tell {
  const began = context.now();
  const where = pod.node === null ? '' : ` on ${pod.node}`;
  return (state, says) =>
    context.say({
      id: `pod-${index + 1}`,
      title: `Pod ${index + 1} of ${pods.length}: ${pod.name}${where}${says === null || state === 'failed' ? '' : `: ${says}`}`,
      state,
      reason: state === 'failed' ? says : null,
      durationMs: state === 'running' ? null : context.now() - began,
    });
}

const counted = (replaced: number, of: number): string =>
  replaced === 0
    ? 'No pod was replaced'
    : `${replaced} of ${of} pods ${replaced === 1 ? 'was' : 'were'} replaced, the rest was left as it is`;

const seeThem = ({ workload, selector }: PodGates): string => `kubectl -n ${workload.namespace} get pods -o wide -l '${selector}'`;

function stopped(replaced: number, { pods, gates }: Scene): Acted {
  const next = [`The rest can be replaced by a new order; see the pods: ${seeThem(gates)}`];
  return { outcome: 'stopped', says: `it was stopped. ${counted(replaced, pods.length)}`, next, undoable: false };
}

function halted({ is, says }: Exclude<One, { is: 'replaced' }>, replaced: number, { pods, gates }: Scene): Acted {
  const isUntouched = is === 'untouched' && replaced === 0;
  const next = isUntouched
    ? ['Check again: a new plan is made from what is there now.']
    : [`Look at the pods, and mend what is wrong before another one is replaced: ${seeThem(gates)}`];
  return { outcome: isUntouched ? 'refused' : 'failed', says: `${says}. ${counted(replaced, pods.length)}`, next, undoable: false };
}

/**
 * Replaces pods one after the other. Before a pod goes, another one must be ready, get queries and answer at its own address, and the
 * PodDisruptionBudget must allow it; before the next one goes, its replacement must do so, the old one must be gone, and nodes must have had the
 * time to take over the new address. Stops at the first thing that is not so; a pod whose replacement does not come is put back. May be called
 * again after a worker died: a pod that is on its way already is gone on with. `stopping` brings the pod at hand to its end.
 */
export async function replacePods(context: ActContext, { pods, gates }: Replacement): Promise<Acted> {
  const scene: Scene = { context, pods, gates, asker: createAsker(context, gates), answered: new Set() };
  for (const [index, pod] of pods.entries()) {
    if (context.stopping.aborted) return stopped(index, scene);
    const tell = teller(scene, pod, index);
    tell('running', null);
    const one = await replaceOne(scene, pod, index, (says) => tell('running', says));
    tell(one.is === 'replaced' ? 'ok' : 'failed', one.is === 'replaced' ? null : one.says);
    if (one.is === 'untouched' && context.stopping.aborted) return stopped(index, scene);
    if (one.is !== 'replaced') return halted(one, index, scene);
  }
  const says =
    pods.length === 1
      ? `pod ${pods[0]?.name ?? ''} was replaced, and the new one answers`
      : `${pods.length} pods were replaced, one after the other; each new one answered before the next one went`;
  return { outcome: 'applied', says, next: [], undoable: false };
}
