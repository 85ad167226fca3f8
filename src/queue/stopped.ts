import { Failure } from '../base/failure.ts';

/** Why a run was told to stop. `back`: the worker ends; `lost`: another has the run, or has ended it; `overdue`: it takes too long. */
export type Stop = 'cancel' | 'back' | 'lost' | 'overdue';

const WORDS: Record<Stop, string> = {
  cancel: 'the run was cancelled',
  back: 'this worker ends, another goes on',
  lost: 'the run is no longer ours',
  overdue: 'the run takes too long',
};

/** The reason of the signal that stops a run. */
export class Stopped extends Failure {
  override name = 'Stopped';
  readonly why: Stop;
  constructor(why: Stop) {
    super('error', WORDS[why]);
    this.why = why;
  }
}

/** Why this signal fired; null: it did not, or for another reason. */
export const stopOf = ({ reason }: AbortSignal): Stop | null => (reason instanceof Stopped ? reason.why : null);
