import type { Decision } from '../../domain/access.ts';
import type { Message } from '../../report/slack/message.ts';
import { type Asked, refusalOf } from '../answers/refuse.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { type Came, type Parcel, sendFiles } from './send-file.ts';

/** What somebody wants to be shown of an order, as files. */
export interface Wish {
  asked: Asked;
  /** Of the policy as it is now. */
  decision: Decision;
  /** Packs it; called only for those who get it. Null: there is nothing, or nothing any more. */
  pack: () => Promise<Parcel | null>;
  /** `files`: how many were packed. */
  say: (came: Came, files: number) => Message;
}

/** Who sees a channel sees its files, and so does everybody who joins a public one: names and addresses of clients are not for all of them. */
export const isNarrow = ({ kind, isShared }: Situation['where']['channel']): boolean =>
  !isShared && (kind === 'private' || kind === 'direct');

/** The first message of the thread that it was asked in. */
const threadOf = async ({ cardOf }: Counter, { place }: Situation, run: string): Promise<string | null> =>
  place.thread ?? (await cardOf(run, place.channel));

/** Hands files of an order out to those whom the policy lets have them, where nobody else sees them. `situation` must be fresh. */
export async function handOut(counter: Counter, situation: Situation, { record, change }: KnownChange, wish: Wish): Promise<Answer> {
  const { person, where, place } = situation;
  const { asked, decision, pack, say } = wish;
  const refusal = refusalOf(counter, situation, decision, asked);
  if (refusal !== null) return refusal;
  const said = (came: Came, files = 0): Answer => ({
    outcome: came.outcome === 'sent' ? 'answered' : 'refused',
    message: say(came, files),
  });
  if (!isNarrow(where.channel)) return said({ outcome: 'channel', slack: null });
  const parcel = await pack();
  if (parcel === null) return said({ outcome: 'none', slack: null });
  const { id: run, cluster } = record;
  const about = { person, channel: where.channel, cluster, run, change: change.id, remedy: change.plan.remedy, digest: change.digest };
  const address = { about, channel: place.channel, thread: await threadOf(counter, situation, run) };
  return said(await sendFiles(counter, parcel, address), parcel.files.length);
}
