import { z } from 'zod';
import { ObjectRef } from '../../domain/plan.ts';
import type { Acted, ActContext } from '../remedy.ts';
import { applyEdit } from './apply-edit.ts';
import { ObjectEdit, objectName, reverse } from './edit.ts';
import { waitForRollout } from './rollout.ts';

/** What a remedy that edits objects keeps: its writes in order, and whose pods are replaced by them. */
export const Edits = z.object({
  edits: z.array(ObjectEdit).min(1),
  /** The workload whose pods are waited for; null: none. */
  rollout: z.object({ object: ObjectRef, withinMs: z.number().positive() }).nullable(),
});
export type Edits = z.infer<typeof Edits>;

const VERBS = { patch: 'changed', create: 'created', delete: 'deleted' } as const;
const look = 'Check again: a new plan is made from what is there now.';

const told = ({ object, how }: ObjectEdit): string => `${objectName(object)} was ${VERBS[how]}`;

interface Way {
  edits: readonly ObjectEdit[];
  isUndo: boolean;
}

const undoable = ({ isUndo }: Way, done: number): boolean => !isUndo && done > 0;

function notDone(way: Way, done: number, outcome: 'refused' | 'failed' | 'stopped', says: string): Acted {
  const already = way.edits.slice(0, done).map((edit) => told(edit));
  return {
    outcome: outcome === 'refused' && done > 0 ? 'failed' : outcome,
    says: [says, ...already].join('. '),
    next: [look],
    undoable: undoable(way, done),
  };
}

async function writeAll(context: ActContext, way: Way): Promise<Acted | null> {
  for (const [index, edit] of way.edits.entries()) {
    if (context.stopping.aborted) return notDone(way, index, 'stopped', 'it was stopped');
    const began = context.now();
    const step = { id: `edit-${index + 1}`, title: `${objectName(edit.object)} is ${VERBS[edit.how]}`, reason: null };
    context.say({ ...step, state: 'running', durationMs: null });
    const edited = await applyEdit(context, edit);
    const durationMs = context.now() - began;
    if (edited.is === 'refused') {
      context.say({ ...step, state: 'failed', reason: edited.says, durationMs });
      return notDone(way, index, 'refused', edited.says);
    }
    context.say({ ...step, state: 'ok', durationMs });
  }
  return null;
}

async function carryOut(context: ActContext, { rollout }: Edits, way: Way): Promise<Acted> {
  const halted = await writeAll(context, way);
  if (halted !== null) return halted;
  const says = way.edits.map((edit) => told(edit)).join('; ');
  const missing = rollout === null ? null : await waitForRollout(context, rollout.object, rollout.withinMs);
  if (rollout !== null && missing !== null) {
    const { kind, namespace, name } = rollout.object;
    const next = [
      `See why: kubectl -n ${namespace ?? 'kube-system'} rollout status ${kind.toLowerCase()}/${name}; kubectl -n ${namespace ?? 'kube-system'} get pods -o wide`,
    ];
    return { outcome: 'failed', says: `${says}, but of its pods ${missing}`, next, undoable: undoable(way, 1) };
  }
  const rest = rollout === null ? '' : ', and its new pods are ready';
  return { outcome: 'applied', says: `${says}${rest}`, next: [], undoable: undoable(way, 1) };
}

/** Does all edits in order. What is done already is passed over, so that it may be called again. */
export const applyEdits = (context: ActContext, data: Edits): Promise<Acted> =>
  carryOut(context, data, { edits: data.edits, isUndo: false });

/** Takes all edits back, the last one first, each only where it stands as it was written. */
export const undoEdits = (context: ActContext, data: Edits): Promise<Acted> =>
  carryOut(context, data, { edits: data.edits.map((edit) => reverse(edit)).toReversed(), isUndo: true });
