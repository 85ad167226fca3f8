import { remediesMessage } from '../../report/slack/replies/changes.ts';
import type { Counter } from '../counter.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { refuseBarred } from './refuse.ts';

/** What can be done to a cluster by name, and when it helps. */
export const listRemedies = (counter: Counter, situation: Situation): Answer =>
  refuseBarred(counter, situation, 'request') ?? {
    outcome: 'answered',
    message: remediesMessage(counter.remedies, situation.calledAs),
  };
