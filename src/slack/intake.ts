import type { HeardText } from '../domain/heard.ts';
import { answerText } from './answers/answer.ts';
import type { Counter } from './counter.ts';
import { serveNoted } from './serve.ts';
import { type Situation, situate } from './situation.ts';
import { byEphemeral } from './tell.ts';

/**
 * What was acknowledged and not yet dealt with, kept until it is: a bot that dies in between loses nothing. It is handed in; every call rejects with
 * a `Failure` within two seconds when Redis cannot be reached.
 */
export interface Intake {
  /** False: it was noted before. */
  note(key: string, heard: HeardText): Promise<boolean>;
  done(key: string): Promise<void>;
  /** What a bot that seems dead has left. Each is given to one who asks. */
  left(): Promise<{ key: string; heard: HeardText }[]>;
}

/** An intake that keeps nothing, where none was handed in. */
export const noIntake: Intake = { note: () => Promise.resolve(true), done: () => Promise.resolve(), left: () => Promise.resolve([]) };

/** An intake that is told what must not be picked up any more. */
export interface KeptIntake extends Intake {
  /** The person was told that it failed: should it have been noted all the same, it is crossed out as soon as that is possible. */
  regret(key: string): void;
}

/** The same intake, which crosses out what is regretted before it gives what is left. */
export function keptIntake(intake: Intake): KeptIntake {
  const regretted = new Set<string>();
  const crossOut = async (): Promise<void> => {
    for (const key of regretted) {
      await intake.done(key);
      regretted.delete(key);
    }
  };
  return {
    note: (key, heard) => intake.note(key, heard),
    done: (key) => intake.done(key),
    left: async () => {
      await crossOut();
      return intake.left();
    },
    regret: (key) => void regretted.add(key),
  };
}

/** Who asks and where, from what was noted. */
function situationOf(counter: Counter, { kind, user, team, channel, answer, thread }: HeardText): Promise<Situation> {
  const calledAs = kind === 'command' ? counter.commandName : counter.mentionName;
  return situate(counter, { user, team, isBot: false }, { place: { channel, thread: answer }, spot: { channel, thread }, calledAs });
}

/** Deals with what bots that have died had heard. Rejects when the intake cannot be reached. Gives how many there were. */
export async function pickUp(counter: Counter, intake: Intake): Promise<number> {
  const left = await intake.left();
  for (const { key, heard } of left) {
    const { kind, user, channel, thread, text } = heard;
    const tell = byEphemeral(counter.telling, { channel, user, thread });
    const bot = kind === 'mention' ? counter.botUser : undefined;
    await serveNoted(counter, { kind, key, ackMs: null, tell }, async () =>
      answerText(counter, await situationOf(counter, heard), text, bot),
    );
  }
  return left.length;
}
