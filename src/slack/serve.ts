import { randomBytes } from 'node:crypto';
import { Failure, UsageError } from '../base/failure.ts';
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

/** Does the work of a request once, however often it is delivered, and tells the person what became of it. Never rejects. */
export async function serve(counter: Counter, { kind, key, ackMs, tell }: Heard, work: () => Answer | Promise<Answer>): Promise<void> {
  const answer = await answerOrTrouble(counter, kind, async () =>
    (await counter.desk.first(key)) ? await work() : { outcome: 'duplicate', message: null },
  );
  const { outcome, message } = answer;
  const reached = message === null || (await told(counter, kind, answer.tell ?? tell, message));
  counter.onRequest({ kind, outcome: reached ? outcome : 'untold', ackMs });
}
