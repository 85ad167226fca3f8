import { clustersFor } from '../../access/decide.ts';
import { checkModal } from '../../report/slack/views/modal.ts';
import type { Counter } from '../counter.ts';
import { placeToMetadata } from '../metadata.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { offer, type Window } from '../window.ts';
import { help } from './clusters.ts';
import { refuseAbsent, refuseBarred } from './refuse.ts';

/** Offers the form with the clusters that the person may check, in the window that is open; without one it says what one can type. */
export async function offerForm(counter: Counter, situation: Situation, window: Window | null): Promise<Answer> {
  const refusal = refuseBarred(counter, situation, 'check') ?? refuseAbsent(counter, situation);
  if (refusal !== null) return refusal;
  const { person, where, place } = situation;
  const names = clustersFor(counter.policy, person, where.channel, 'check', counter.clusters);
  if (window === null || names.length === 0) return help(counter, situation);
  const view = checkModal(names, { privateMetadata: placeToMetadata(place) });
  await offer(counter, window, view);
  return { outcome: 'form', message: null };
}
