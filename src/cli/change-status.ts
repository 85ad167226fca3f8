import type { Change } from '../domain/change.ts';
import { couldNotTell } from './exit-status.ts';

/** Nothing was changed, or nothing became better. */
export const refusedStatus = 1;

/** How a change that was to be made ends: 0 made and proved, 1 refused or without effect, 2 failed, stopped or not to be told. */
export function appliedStatus({ state, result }: Pick<Change, 'state' | 'result'>): number {
  if (state === 'failed') return couldNotTell;
  if (result === null || result.outcome === 'refused') return refusedStatus;
  if (result.outcome !== 'applied') return couldNotTell;
  if (result.proof === 'no-change' || result.proof === 'another') return refusedStatus;
  return result.proof === 'fixed' || result.proof === 'none' ? 0 : couldNotTell;
}

/** How an undo ends: 0 undone, 1 refused, 2 failed or not to be told. */
export function undoneStatus({ state, undoResult }: Pick<Change, 'state' | 'undoResult'>): number {
  if (state === 'undone') return undoResult === null || undoResult.outcome === 'applied' ? 0 : couldNotTell;
  return undoResult?.outcome === 'failed' ? couldNotTell : refusedStatus;
}
