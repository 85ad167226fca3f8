import type { Redis } from 'ioredis';
import { Failure } from '../base/failure.ts';
import type { Channel, Person } from '../domain/access.ts';
import type { CheckRequest } from '../domain/request.ts';
import { SignedOrder, type Progress, type RunKind, type RunOrder, type RunRecord } from '../domain/run.ts';
import { askRedis, type Answer } from './ask-script.ts';
import type { Jobs } from './jobs.ts';
import type { Keys } from './keys.ts';
import { loadRun, type OnUnreadable } from './load.ts';
import { questionOf } from './question.ts';
import { baseOf, recordOf, type StoredRun } from './stored.ts';

/** A run that a person asks for. `place.thread` is the ts of the thread that it was asked in; null for a card of its own in the channel. */
export interface Ask {
  kind: RunKind;
  request: CheckRequest;
  person: Person;
  channel: Channel;
  place: { channel: string; thread: string | null };
}

/** What asking needs: where runs are kept, who signs, and what time it is (milliseconds since 1970). */
export interface AskParts {
  redis: Redis;
  keys: Keys;
  jobs: Jobs;
  sign: (order: RunOrder) => SignedOrder;
  keepSeconds: number;
  orderSeconds: number;
  now: () => number;
  newId: () => string;
  onUnreadable: OnUnreadable;
  remember: (run: StoredRun) => void;
}

/** What became of an ask: `started` a new run, `joined` that of others, or it is being answered `here` already. */
export interface AskedRun {
  outcome: 'started' | 'joined' | 'here';
  record: RunRecord;
}

/** How far a run is that nobody has taken yet. */
export const QUEUED: Progress = { state: 'queued', attempt: 0, startedAt: null, endedAt: null, steps: [], error: null, cancelledBy: null };

/** So often a new id is tried; two runs with the same one are next to impossible. */
const IDS = 5;

/** Joins the run that answers the same question now, or makes one and puts its job into the queue. A run that cannot be read is not joined. */
export async function askForRun(parts: AskParts, ask: Ask): Promise<AskedRun> {
  for (const alone of [false, true]) {
    const answer = await put(parts, ask, alone);
    const run = await loadRun(parts.redis, parts.keys, answer.run);
    const record = run && recordOf(run);
    if (run && record && answer.outcome !== 'taken') {
      await queue(parts, run, record, answer.outcome === 'started');
      return { outcome: answer.outcome, record };
    }
    parts.onUnreadable(answer.run);
  }
  throw new Failure('error', 'Redis lost the run just after it was made: ask again');
}

async function put(parts: AskParts, ask: Ask, alone: boolean): Promise<Answer> {
  const question = questionOf(ask.kind, ask.request);
  for (let tries = 1; ; tries += 1) {
    const base = newBase(parts, ask);
    const texts = { base, progress: JSON.stringify(QUEUED), question };
    const who = { place: ask.place, user: ask.person.user, alone, keepSeconds: parts.keepSeconds };
    const answer = await askRedis(parts.redis, parts.keys, { ...texts, ...who });
    if (answer.outcome !== 'taken' || tries === IDS) return answer;
  }
}

function newBase({ sign, now, newId, orderSeconds }: AskParts, { kind, request, person, channel }: Ask) {
  const [id, createdAt] = [newId(), now()];
  const expiresAt = createdAt + orderSeconds * 1000;
  const signed = SignedOrder.parse(sign({ version: 1, run: id, kind, request, person, channel, issuedAt: createdAt, expiresAt }));
  return { id, kind, cluster: request.cluster, request, askedBy: person.user, createdAt, expiresAt, signed };
}

/** The job of a run that was joined is there, unless the bot that made the run died before it had added it. */
async function queue({ jobs, remember }: AskParts, run: StoredRun, { id, cluster, progress }: RunRecord, isNew: boolean): Promise<void> {
  remember(run);
  const base = baseOf(run);
  if (base !== null && progress.state === 'queued') await jobs.add(cluster, id, base.signed, !isNew);
}
