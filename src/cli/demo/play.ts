import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure.ts';
import type { SlackLookalike } from '../../lab/slack/start-slack.ts';
import type { Message } from '../../lab/slack/world/world.ts';
import { createActor } from './acting.ts';
import { createFeed } from './feed.ts';
import { type EndOfInput, takeLines } from './prompt.ts';
import type { Stage } from './stage.ts';
import type { Terminal } from './terminal.ts';
import { runsIn } from './thread-state.ts';
import { readLine } from './typed.ts';

/** All that can be read in the look-alike, also what only one person sees. */
function messagesOf(slack: SlackLookalike): Message[] {
  const people = slack.seed.users.map(({ id }) => id);
  return slack.seed.channels.flatMap(({ id }) => {
    try {
      return [...slack.messages(id), ...people.flatMap((user) => slack.ephemerals(id, user))];
    } catch (error) {
      // somebody has deleted the channel
      if (error instanceof Failure) return [];
      throw error;
    }
  });
}

const lastLines = 10;

/** Prints what happens in Slack until the signal fires. Rejects when a process of ours ends by itself. */
export async function follow(stage: Stage, terminal: Terminal, signal: AbortSignal): Promise<never> {
  const { slack } = stage;
  const feed = createFeed(slack.seed, terminal.width);
  const started = stage.children();
  for (let version = -1; ; version = await slack.changedSince(version, 250)) {
    signal.throwIfAborted();
    terminal.say(feed.next(messagesOf(slack)));
    const gone = started.find((child) => !child.running());
    if (gone !== undefined) throw new Error(`the ${gone.name} has ended by itself:\n${gone.lines().slice(-lastLines).join('\n')}`);
  }
}

const settledAfterMs = 3_000;
const longestRunMs = 180_000;

/** Until the threads of all runs say the last of them, and, with `quietMs`, no other run has begun for so long. */
async function untilFinal({ slack }: Stage, quietMs: number, signal: AbortSignal): Promise<void> {
  const began = Date.now();
  for (let since = began; Date.now() - began < longestRunMs; await sleep(50, undefined, { signal })) {
    const { all, unfinished } = runsIn(messagesOf(slack));
    const none = quietMs === 0 && all.size === 0;
    if (none && refused(slack)) throw new Error('the bot has started no run: its answer says why');
    if (none || unfinished.size > 0) since = Date.now();
    else if (Date.now() - since >= quietMs) return;
  }
  throw new Error(`a thread did not come to its end within ${longestRunMs / 1_000} s`);
}

const refused = (slack: SlackLookalike): boolean =>
  slack.seed.users.some(({ id }) => slack.seed.channels.some((channel) => slack.ephemerals(channel.id, id).length > 0));

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

interface Show {
  stage: Stage;
  terminal: Terminal;
  /** What follows the slash command, the first time. */
  command: string;
  signal: AbortSignal;
}

/** The first command and its thread, to the last word of it. */
export async function playOnce({ stage, terminal, command, signal }: Show): Promise<void> {
  const actor = createActor({ slack: stage.slack, children: () => stage.children(), terminal });
  const began = Date.now();
  await actor.act(readLine(command));
  await untilFinal(stage, 0, signal);
  // what was written last is still to be printed
  await sleep(300);
  const took = Date.now() - began;
  terminal.say(['', { quiet: true, text: `The thread is final, ${seconds(took)} after the command.` }]);
}

/** The first command, and then whatever is typed. */
export async function playOn(show: Show, onInterrupt: () => void): Promise<void> {
  const { stage, terminal, command, signal } = show;
  const actor = createActor({ slack: stage.slack, children: () => stage.children(), terminal });
  await actor.act(readLine(command));
  const { ended, stop } = takeLines({ actor, terminal, input: process.stdin, output: process.stdout, onInterrupt });
  try {
    await Promise.race([ended.then((how) => after(how, show)), aborted(signal)]);
  } finally {
    stop();
  }
}

async function after(how: EndOfInput, { stage, signal }: Show): Promise<void> {
  if (how === 'end') return untilFinal(stage, settledAfterMs, signal);
  if (how === 'nothing') await aborted(signal);
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
