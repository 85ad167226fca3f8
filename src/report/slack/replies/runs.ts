import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { aside, line } from '../text/parts.ts';
import { bold, link, name, nothing, ours, type Words, words } from '../text/words.ts';

/** What became of a wish to end a run. */
export type CancelOutcome = 'cancelled' | 'stopping' | 'over' | 'unknown';

const cancels: Record<CancelOutcome, (run: Words) => Words> = {
  cancelled: (run) => words`⏹️ Run ${run} is cancelled. It had not begun.`,
  stopping: (run) => words`⏹️ Run ${run} is being stopped: its worker has been told, and removes its probe pods first.`,
  over: (run) => words`Run ${run} is over already: there is nothing to end.`,
  unknown: (run) => words`There is no run ${run}, or it is no longer kept.`,
};

export const cancelMessage = (outcome: CancelOutcome, run: string): Message => messageOf([line(cancels[outcome](name(run, 60)))]);

/** There is no such run; `run` null: none has been asked for in this place. */
export const noRunMessage = (run: string | null, commandName: string): Message =>
  messageOf([
    line(run === null ? words`No run was asked for here.` : words`There is no run ${name(run, 60)}, or it is no longer kept.`),
    aside(words`The runs of a cluster: ${name(`${commandName} history CLUSTER`, 80)}`),
  ]);

const toThread = (address: string | null, label: string): Words => (address === null ? nothing : words` ${link(address, label)}`);

/** The same question is being answered already: `joined` for somebody elsewhere (this place gets the answer too), `here` in this place. */
export function joinedMessage(
  outcome: 'joined' | 'here',
  { run, cluster, address }: { run: string; cluster: string; address: string | null },
): Message {
  const which = words`Run ${name(run, 40)} is checking ${name(cluster)}`;
  return messageOf([
    line(
      outcome === 'here'
        ? words`${bold(ours('It is being answered here already.'))} ${which}; see its thread above.${toThread(address, 'Its thread')}`
        : words`${bold(ours('The same was asked a moment ago.'))} ${which}; you get its answer here too, without a second check.${toThread(address, 'The first thread')}`,
    ),
  ]);
}
