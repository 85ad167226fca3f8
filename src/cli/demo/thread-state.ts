import { isObject } from '../../lab/slack/methods/arguments.ts';
import { elementsOf } from '../../lab/slack/people/elements.ts';
import type { Json, Message } from '../../lab/slack/world/world.ts';
import { CANCEL_RUN } from '../../report/slack/thread/cancel-button.ts';

/** Whether the message offers to end a run: the run goes on. */
export const offersCancel = ({ blocks }: Message): boolean =>
  elementsOf(blocks ?? []).some(({ element }) => element['action_id'] === CANCEL_RUN);

/** The plan in a message. */
export const planOf = ({ blocks }: Message): Json | null => blocks?.find(({ type }) => type === 'plan') ?? null;

/** The steps of a plan. */
export const tasksOf = (plan: Json): Json[] => (Array.isArray(plan['tasks']) ? plan['tasks'].filter(isObject) : []);

/** The run that a message of the bot belongs to, and its place in the thread, as its metadata says. */
function mark({ metadata }: Message): { run: string; slot: string } | null {
  const payload = metadata?.['event_payload'];
  const key = isObject(payload) ? payload['key'] : null;
  if (typeof key !== 'string') return null;
  const parts = key.split('/');
  return { run: parts[0] ?? '', slot: parts.at(-1) ?? '' };
}

/** `4 of 11 done`: there will be another edit. */
const isOnTheWay = (message: Message): boolean => {
  const plan = planOf(message);
  return offersCancel(message) || (plan !== null && /^\d+ of \d+/.test(String(plan['title'])));
};

/** Runs whose messages are there, and those of them that have more to say. */
export function runsIn(messages: readonly Message[]): { all: Set<string>; unfinished: Set<string> } {
  const marked = messages.flatMap((message) => {
    const found = mark(message);
    return found === null ? [] : [{ message, ...found }];
  });
  const all = new Set(marked.map(({ run }) => run));
  const ended = new Set(marked.filter(({ slot }) => slot === 'verdict').map(({ run }) => run));
  const open = new Set(marked.filter(({ message }) => isOnTheWay(message)).map(({ run }) => run));
  return { all, unfinished: new Set([...all].filter((run) => !ended.has(run) || open.has(run))) };
}
