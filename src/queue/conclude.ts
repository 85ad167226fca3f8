import { isOver, type Progress } from '../domain/run.ts';
import { cancelledProgress } from './cancel.ts';
import { loadRun } from './load.ts';
import { restoreRun } from './restore-script.ts';
import type { StoredResult } from './result.ts';
import { baseOf, mayHaveWritten, recordOf, type StoredRun } from './stored.ts';
import type { WorkParts } from './work-parts.ts';
import { writeProgress } from './write-progress.ts';

/** How a run is to stand from now on: over, or queued again. */
export interface Ending {
  progress: Progress;
  result: StoredResult | null;
}

/** So often a run that Redis keeps losing is written again. */
const TRIES = 10;

/**
 * Writes how the run stands when this worker is done with it; a run that Redis has lost is written whole first. A run that somebody wanted
 * ended is cancelled, whatever came out of it, unless it may have changed a cluster. False: nothing was written, for another has the run or has ended it.
 */
export async function conclude(parts: WorkParts, id: string, token: string, run: StoredRun, ending: Ending): Promise<boolean> {
  const { redis, keys, keepSeconds, now } = parts;
  let { progress, result } = ending;
  const base = baseOf(run);
  const about = { of: base?.change?.of, counts: base !== null && mayHaveWritten(base, ending.progress) };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const written = await writeProgress(redis, keys, { run: id, ...about, token, progress, result, keepSeconds });
    if (written === 'ok') {
      tell(parts, { ...run, ...result, progress: JSON.stringify(progress) }, progress);
      return true;
    }
    if (written === 'missing') await restoreRun(redis, keys, run, keepSeconds);
    else if (written === 'cancel') {
      const by = (await loadRun(redis, keys, id))?.cancel ?? run.cancel ?? '';
      [progress, result] = [cancelledProgress(progress, by, now()), null];
    } else return false;
  }
  throw new Error('Redis loses the run again and again');
}

function tell({ hooks }: WorkParts, run: StoredRun, progress: Progress): void {
  const record = isOver(progress.state) ? recordOf(run) : null;
  if (record !== null) hooks.onEnd(record);
}
