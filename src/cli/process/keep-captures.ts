import type { CaptureFile } from '../../domain/plan.ts';
import type { FileSink } from '../../remedies/remedy.ts';
import type { ChangeWork } from './perform-change.ts';

/** Where the files of an order's capture are kept. */
export interface CaptureKeeper {
  keep(change: string): { file(name: string): FileSink; end(): Promise<CaptureFile[]> };
}

/** Carries orders out as `act` does, and keeps what is captured. Its result says which files there are, and which could not be kept, and why. */
export const keepingCaptures =
  (keeper: CaptureKeeper, act: ChangeWork['act']): ChangeWork['act'] =>
  async (target, ordered, hooks) => {
    if (ordered.act !== 'apply') return act(target, ordered, hooks);
    const keeping = keeper.keep(ordered.change.id);
    const result = await act(target, ordered, { ...hooks, keepFile: (name) => keeping.file(name) });
    const files = await keeping.end();
    return files.length === 0 ? result : { ...result, files };
  };
