import { decide } from '../../access/decide.ts';
import type { Change } from '../../domain/change.ts';
import { linesMessage } from '../../report/slack/replies/changes.ts';
import { refusalOf } from '../answers/refuse.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { sendFile } from './send-file.ts';

/** Newer lines are worth more: those of the end, where there are some. */
export const linesOf = ({ result, undoResult }: Pick<Change, 'result' | 'undoResult'>): readonly string[] => {
  const last = undoResult?.lines ?? [];
  return last.length > 0 ? last : (result?.lines ?? []);
};

/** Who sees a channel sees its files, and so does everybody who joins a public one: names and addresses of clients are not for all of them. */
const isNarrow = ({ where: { channel } }: Situation): boolean =>
  !channel.isShared && (channel.kind === 'private' || channel.kind === 'direct');

/** The first message of the thread that it was asked in. */
const threadOf = async ({ cardOf }: Counter, { place }: Situation, run: string): Promise<string | null> =>
  place.thread ?? (await cardOf(run, place.channel));

/** Shows the lines of a query log as a file in the thread, for those who may read this cluster's runs. `situation` must be fresh. */
export async function showLines(counter: Counter, situation: Situation, { record, change }: KnownChange): Promise<Answer> {
  const { person, where, place } = situation;
  const { id: run, cluster } = record;
  const asked = { cluster, action: 'read' } as const;
  const refusal = refusalOf(counter, situation, decide(counter.policy, person, where.channel, asked), asked);
  if (refusal !== null) return refusal;
  const lines = linesOf(change);
  const said = (outcome: Parameters<typeof linesMessage>[0]['outcome'], slack: string | null = null): Answer => ({
    outcome: outcome === 'sent' ? 'answered' : 'refused',
    message: linesMessage({ outcome, cluster, lines: lines.length, slack }),
  });
  if (!isNarrow(situation)) return said('channel');
  if (lines.length === 0) return said('none');
  const about = { person, channel: where.channel, cluster, run, change: change.id, remedy: change.plan.remedy, digest: change.digest };
  const sent = await sendFile(counter, { about, lines, channel: place.channel, thread: await threadOf(counter, situation, run) });
  if (sent === null) return said('sent');
  return said(sent === 'missing_scope' ? 'scope' : 'slack', sent);
}
