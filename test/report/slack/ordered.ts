import type { Change, Proposal } from '../../../src/domain/change.ts';
import type { RunRecord, RunStep } from '../../../src/domain/run.ts';
import type { Around } from '../../../src/report/slack/thread/waiting.ts';
import type { ThreadMessage } from '../../../src/report/slack/message.ts';
import { threadOf } from '../../../src/report/slack/thread.ts';
import { readings, report } from '../made.ts';
import { madeAt, terms } from '../orders.ts';
import { done, inChannel } from './made.ts';
import { shown } from './shown.ts';

/** A check that is done and proposed these orders. */
export function ordered(changes: readonly (Change & { steps?: RunStep[] })[], proposals: Proposal[] = []): RunRecord {
  const checked = done(report(), readings());
  const result = checked.result?.kind === 'check' ? { ...checked.result, proposals } : checked.result;
  return { ...checked, changes: [...changes], result };
}

/** The messages of the orders of a run, a second after they were planned. */
export const orderMessages = (record: RunRecord, around: Partial<Around> = {}): ThreadMessage[] =>
  threadOf(record, inChannel, { workers: 1, now: madeAt + 1000, terms: () => terms(), ...around }).filter(({ slot }) =>
    slot.startsWith('change'),
  );

/** The buttons of a message: label, action and value. */
export const buttonsOf = ({ blocks }: { blocks: readonly unknown[] }): { label: string; action: string; value: string }[] =>
  (blocks as any[])
    .filter(({ type }) => type === 'actions')
    .flatMap(({ elements }) => elements)
    .map(({ text, action_id, value }) => ({ label: text.text, action: action_id, value }));

/** What a slot shows; empty when it is not there. */
export function saidIn(slot: string, messages: readonly ThreadMessage[]): string {
  const message = messages.find((one) => one.slot === slot);
  return message === undefined ? '' : shown(message);
}
