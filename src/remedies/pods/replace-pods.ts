import { Failure } from '../../base/failure.ts';
import type { PlannedPod } from '../../domain/plan.ts';
import type { RunStep } from '../../domain/run.ts';
import type { Acted, ActContext } from '../remedy.ts';
import { whyNotSettled } from './after-eviction.ts';
import { createAsker } from './ask-around.ts';
import { whyNotEvict } from './before-eviction.ts';
import { evict } from './evict.ts';
import type { PodGates } from './gates.ts';
import { look, type Scene } from './scene.ts';

/** Pods to replace in this order, and what must hold before and after each. */
export interface Replacement {
  pods: readonly PlannedPod[];
  gates: PodGates;
}

/** How one pod came out: `untouched`: it stays as it is, and why; `broken`: it went, and what came of it. */
type One = { is: 'replaced' } | { is: 'untouched' | 'broken'; says: string };

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

/** Whether it went already: evicted by a worker that died then, or by somebody else. */
async function isOnItsWay(scene: Scene, pod: PlannedPod): Promise<boolean> {
  const { pods } = await look(scene);
  return !pods.some(({ uid, terminating }) => uid === pod.uid && !terminating);
}

async function replaceOne(scene: Scene, pod: PlannedPod, index: number, tell: Tell): Promise<One> {
  if (!(await isOnItsWay(scene, pod))) {
    tell('running', 'asking the others');
    const why = await whyNotEvict(scene, pod, index);
    if (why !== null) return { is: 'untouched', says: why };
    const evicted = await evict(scene.context, pod, (says) => tell('running', `waiting for its PodDisruptionBudget (${says})`));
    if (evicted.is === 'refused') return { is: 'untouched', says: `pod ${pod.name} may not be evicted: ${evicted.says}` };
  }
  const why = await whyNotSettled(scene, pod, (says) => tell('running', says));
  return why === null ? { is: 'replaced' } : { is: 'broken', says: why };
}

/** A Failure in between is said with how far it had come. Whether the pod went is not known then: the next try finds out. */
async function tried(scene: Scene, pod: PlannedPod, index: number, tell: Tell): Promise<One> {
  try {
    return await replaceOne(scene, pod, index, tell);
  } catch (error) {
    if (!(error instanceof Failure) || scene.context.signal.aborted) throw error;
    return { is: 'broken', says: error.message };
  }
}

const counted = (replaced: number, of: number): string =>
  replaced === 0
    ? 'No pod was replaced'
    : `${replaced} of ${of} pods ${replaced === 1 ? 'was' : 'were'} replaced, the rest was left as it is`;

const seeThem = ({ workload, selector }: PodGates): string => `kubectl -n ${workload.namespace} get pods -o wide -l '${selector}'`;

function stopped(replaced: number, { pods, gates }: Scene): Acted {
  const next = replaced === pods.length ? [] : [`The rest can be replaced by a new order; see the pods: ${seeThem(gates)}`];
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
 * Replaces pods one after the other, each through the eviction API. Before a pod goes, another one must be ready, get queries and answer at its
 * own address; before the next one goes, its replacement must, the old one must be gone, and nodes must have had the time to take over the new
 * address. Stops at the first thing that is not so. May be called again after a worker died: a pod that went already is not evicted twice, its
 * replacement is looked at. `stopping` brings the pod at hand to its end.
 */
export async function replacePods(context: ActContext, { pods, gates }: Replacement): Promise<Acted> {
  const scene: Scene = { context, pods, gates, asker: createAsker(context, gates), answered: new Set() };
  for (const [index, pod] of pods.entries()) {
    if (context.stopping.aborted) return stopped(index, scene);
    const tell = teller(scene, pod, index);
    tell('running', null);
    const one = await tried(scene, pod, index, tell);
    tell(one.is === 'replaced' ? 'ok' : 'failed', one.is === 'replaced' ? null : one.says);
    if (one.is !== 'replaced') return halted(one, index, scene);
  }
  const says =
    pods.length === 1
      ? `pod ${pods[0]?.name ?? ''} was replaced, and the new one answers`
      : `${pods.length} pods were replaced, one after the other; each new one answered before the next one went`;
  return { outcome: 'applied', says, next: [], undoable: false };
}
