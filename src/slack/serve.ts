import { randomBytes } from 'node:crypto';
import { Failure, UsageError } from '../base/failure.ts';
import type { HeardText } from '../domain/heard.ts';
import type { Message } from '../report/slack/message.ts';
import { redisDownMessage, troubleMessage } from '../report/slack/replies/trouble.ts';
import type { Counter, Outcome, RequestKind } from './counter.ts';
import { DeskAway } from './desk-away.ts';
import { errorFields } from './log.ts';
import type { Tell } from './tell.ts';

/** The answer to a request: what became of it, and what the person is told; null: nothing, the thread or a window says it. */
export interface Answer {
  outcome: Outcome;
  message: Message | null;
  /** How the person is told, where that is not as they asked. */
  tell?: Tell;
}

/** A request that has been acknowledged. */
export interface Heard {
  kind: RequestKind;
  /** The same for every delivery of the same request, and for no other. */
  key: string;
  ackMs: number | null;
  tell: Tell;
  /** What is noted until it has been dealt with. */
  text?: HeardText;
}

function troubleOf(error: unknown, { log }: Counter, kind: RequestKind): Answer {
  if (error instanceof DeskAway) {
    log.error({ kind, ...errorFields(error) }, 'the queue could not be asked');
    return { outcome: 'redis-down', message: redisDownMessage() };
  }
  const known = error instanceof Failure || error instanceof UsageError;
  const id = randomBytes(5).toString('hex');
  log.error({ kind, id, ...errorFields(error) }, 'a request failed');
  const says = known ? error.message : 'The bot made a mistake.';
  return {
    outcome: 'failed',
    message: troubleMessage({ says, next: known ? null : 'Try again; if it stays so, tell those who run dns-medic.', id }),
  };
}

/** The answer of the work, or what is said where it fails. Never rejects. */
export async function answerOrTrouble(counter: Counter, kind: RequestKind, work: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    return troubleOf(error, counter, kind);
  }
}

/** Whether the person was told. */
async function told({ log }: Counter, kind: RequestKind, tell: Tell, message: Message): Promise<boolean> {
  try {
    await tell(message);
    return true;
  } catch (error) {
    log.error({ kind, ...errorFields(error) }, 'a person could not be told');
    return false;
  }
}

type Work = () => Answer | Promise<Answer>;

async function finish(counter: Counter, { kind, ackMs, tell }: Heard, { outcome, message, tell: otherTell }: Answer): Promise<void> {
  const reached = message === null || (await told(counter, kind, otherTell ?? tell, message));
  counter.onRequest({ kind, outcome: reached ? outcome : 'untold', ackMs });
}

/** Notes what was heard, does the work if nobody has done it, and crosses it out. */
async function once({ desk, intake }: Counter, { key, text }: Heard, work: Work): Promise<Answer> {
  try {
    const noted = text === undefined ? false : await intake.note(key, text);
    const first = await desk.first(key);
    const answer: Answer = first ? await work() : { outcome: 'duplicate', message: null };
    if (text !== undefined && (first || noted)) await intake.done(key).catch(() => intake.regret(key));
    return answer;
  } catch (error) {
    if (text !== undefined) intake.regret(key);
    throw error;
  }
}

/** Does the work of a request once, however often it is delivered, and tells the person what became of it. Never rejects. */
export async function serve(counter: Counter, heard: Heard, work: Work): Promise<void> {
  await finish(counter, heard, await answerOrTrouble(counter, heard.kind, () => once(counter, heard, work)));
}

/** The same for a request that a bot had noted and died with: it is known to be nobody else's. Never rejects. */
export async function serveNoted(counter: Counter, heard: Heard, work: Work): Promise<void> {
  const answer = await answerOrTrouble(counter, heard.kind, work);
  await counter.intake.done(heard.key).catch(() => counter.intake.regret(heard.key));
  await finish(counter, heard, answer);
}
