import { expect } from '@jest/globals';
import type { Place, RunRecord } from '../../../src/domain/run.ts';
import type { ThreadMessage } from '../../../src/report/slack/message.ts';
import { threadOf } from '../../../src/report/slack/thread.ts';
import { faultsOf } from './faults.ts';
import { at, inChannel } from './made.ts';
import { shown } from './shown.ts';

/** The messages of a run in a place; none may have a fault. */
export const messagesOf = (
  run: RunRecord,
  place: Place = inChannel,
  around: Partial<Parameters<typeof threadOf>[2]> = {},
): ThreadMessage[] => {
  const messages = threadOf(run, place, { workers: 1, now: at, ...around });
  expect(messages.flatMap(faultsOf)).toEqual([]);
  return messages;
};

export const slots = (...args: Parameters<typeof messagesOf>): string[] => messagesOf(...args).map(({ slot }) => slot);

/** What a slot shows; empty when it is not there. */
export const said = (slot: string, ...args: Parameters<typeof messagesOf>): string => {
  const message = messagesOf(...args).find((one) => one.slot === slot);
  return message === undefined ? '' : shown(message);
};
