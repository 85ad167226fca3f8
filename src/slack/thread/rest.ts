import { isMoving } from '../../domain/change.ts';
import { isOver, type RunRecord } from '../../domain/run.ts';

type Known = Pick<RunRecord, 'progress' | 'changes'>;
type Order = NonNullable<RunRecord['changes']>[number];

const isBeingDone = ({ state }: Order): boolean => state === 'running' || state === 'undoing';

/** Nothing will happen to the run by itself: it is over, and none of its orders is about to move. */
export const isAtRest = ({ progress, changes = [] }: Known): boolean => isOver(progress.state) && !changes.some(isMoving);

/** Somebody is at work on the run, or on an order of it: it may change every second. */
export const isBusy = ({ progress, changes = [] }: Known): boolean => !isOver(progress.state) || changes.some(isBeingDone);

/** The order that a message is about, by its slot (`change-0`, `change-0-end`); undefined: it is about none, or one that is not known. */
function orderOf(slot: string, changes: readonly Order[]): Order | undefined {
  const [, at] = /^change-(\d+)(?:-|$)/.exec(slot) ?? [];
  return at === undefined ? undefined : changes[Number(at)];
}

/** Whether the message of this slot tells of work that goes on, so that its edits are gathered: only the newest state is worth telling. */
export function isLive({ progress, changes = [] }: Known, slot: string): boolean {
  if (!isOver(progress.state)) return true;
  const order = orderOf(slot, changes);
  return order === undefined ? changes.some(isBeingDone) : isBeingDone(order);
}
