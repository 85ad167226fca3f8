import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import { ObjectRef, type Plan } from '../../domain/plan.ts';
import type { Acted, ActContext } from '../remedy.ts';
import { applyEdit, type Edited, isApplied } from './apply-edit.ts';
import { ObjectEdit, objectName, reverse } from './edit.ts';
import { waitForRollout } from './rollout.ts';

/** What a remedy that edits objects keeps: its writes in order, and whose pods are replaced by them. */
export const Edits = z.object({
  edits: z.array(ObjectEdit).min(1),
  /** All of them or none: where one cannot be done, those before it are taken back at once. */
  together: z.boolean().optional(),
  /** The workload whose pods are waited for; null: none. */
  rollout: z.object({ object: ObjectRef, withinMs: z.number().positive() }).nullable(),
});
export type Edits = z.infer<typeof Edits>;

const VERBS = { patch: 'changed', create: 'created', delete: 'deleted' } as const;
const look = 'Check again: a new plan is made from what is there now.';

/** A write that is done. `wrote`: by this order; else it was so already. */
interface Done {
  edit: ObjectEdit;
  wrote: boolean;
}

const GONE = 'is gone already';
const told = ({ edit: { object, how }, wrote }: Done): string =>
  `${objectName(object)} ${wrote ? `was ${VERBS[how]}` : how === 'delete' ? GONE : 'is so already'}`;

/** The writes of one direction. */
interface Way extends Edits {
  mayUndo: boolean;
}

/** How far it came. `wrote`: something was written by this order. */
interface Came {
  done: Done[];
  wrote: boolean;
  halt: { outcome: 'refused' | 'failed' | 'stopped'; says: string } | null;
}

/** One write as a step; a Failure is what came of it. */
async function one(context: ActContext, edit: ObjectEdit, id: string): Promise<Edited | Failure> {
  const began = context.now();
  const step = { id, title: `${objectName(edit.object)} is ${VERBS[edit.how]}`, reason: null };
  context.say({ ...step, state: 'running', durationMs: null });
  const edited = await applyEdit(context, edit).catch((error: unknown) => {
    if (error instanceof Failure && !context.signal.aborted) return error;
    throw error;
  });
  const durationMs = context.now() - began;
  if (edited instanceof Failure) context.say({ ...step, state: 'failed', reason: edited.message, durationMs });
  else if (edited.is === 'done') context.say({ ...step, state: 'ok', durationMs });
  else context.say({ ...step, state: 'failed', reason: edited.says, durationMs });
  return edited;
}

/** Whether what comes next may still be left out: of what belongs together, only before the first. */
const mayStop = ({ stopping }: ActContext, { together }: Way, index: number): boolean =>
  stopping.aborted && !(together === true && index > 0);

async function writeAll(context: ActContext, way: Way): Promise<Came> {
  const came: Came = { done: [], wrote: false, halt: null };
  for (const [index, edit] of way.edits.entries()) {
    if (mayStop(context, way, index)) return { ...came, halt: { outcome: 'stopped', says: 'it was stopped' } };
    const edited = await one(context, edit, `edit-${index + 1}`);
    if (edited instanceof Failure) return { ...came, halt: { outcome: 'failed', says: edited.message } };
    if (edited.is === 'unknown') return { ...came, wrote: true, halt: { outcome: 'failed', says: edited.says } };
    if (edited.is === 'refused') return { ...came, halt: { outcome: came.wrote ? 'failed' : 'refused', says: edited.says } };
    came.done.push({ edit, wrote: edited.wrote });
    came.wrote ||= edited.wrote;
  }
  return came;
}

/** Takes back what was done of what belongs together; what it could not is told. */
async function takeBack(context: ActContext, { done }: Came): Promise<string[]> {
  const left: string[] = [];
  for (const [index, { edit }] of done.toReversed().entries()) {
    const edited = await one(context, reverse(edit), `back-${index + 1}`);
    if (edited instanceof Failure) left.push(`${objectName(edit.object)} could not be put back: ${edited.message}`);
    else if (edited.is !== 'done') left.push(`${objectName(edit.object)} could not be put back: ${edited.says}`);
  }
  return left;
}

async function halted(context: ActContext, way: Way, came: Came, halt: NonNullable<Came['halt']>): Promise<Acted> {
  if (way.together !== true || came.done.length === 0) {
    const says = [halt.says, ...came.done.map(told)].join('. ');
    return { outcome: halt.outcome, says, next: [look], undoable: way.mayUndo && came.wrote };
  }
  const left = await takeBack(context, came);
  const end = left.length === 0 ? ['what was done before it was taken back'] : left;
  return { outcome: 'failed', says: [halt.says, ...end].join('. '), next: [look], undoable: way.mayUndo && left.length > 0 };
}

async function carryOut(context: ActContext, way: Way): Promise<Acted> {
  const { edits, together, rollout, mayUndo } = way;
  const last = edits.at(-1);
  // a worker that died at the end: what was deleted first is there again, so its parts no longer tell how far it was
  if (together === true && last !== undefined && (await isApplied(context, last)))
    return { outcome: 'applied', says: told({ edit: last, wrote: false }), next: [], undoable: mayUndo };
  const came = await writeAll(context, way);
  if (came.halt !== null) return halted(context, way, came, came.halt);
  const says = came.done.map(told).join('; ');
  const undoable = mayUndo && came.wrote;
  const missing = rollout === null ? null : await waitForRollout(context, rollout.object, rollout.withinMs);
  if (rollout === null || missing === null)
    return { outcome: 'applied', says: `${says}${rollout === null ? '' : ', and its pods are ready'}`, next: [], undoable };
  const { kind, namespace, name } = rollout.object;
  const at = `kubectl -n ${namespace ?? 'default'}`;
  const next = [`See why: ${at} rollout status ${kind.toLowerCase()}/${name}; ${at} get pods -o wide`];
  // the write is done, and the rollout goes on: whether it helped is what the look after it says
  return { outcome: 'applied', says: `${says}; of its pods ${missing}`, next, undoable };
}

/** Does all edits in order. What is done already is passed over, so that it may be called again. */
export const applyEdits = (context: ActContext, data: Edits, plan?: Pick<Plan, 'undo'>): Promise<Acted> =>
  carryOut(context, { ...data, mayUndo: plan?.undo !== null });

/** Takes all edits back, the last one first, each only where it stands as it was written. */
export const undoEdits = (context: ActContext, data: Edits): Promise<Acted> =>
  carryOut(context, { ...data, edits: data.edits.map((edit) => reverse(edit)).toReversed(), mayUndo: false });
