import { hasEnded } from './plan.ts';
import type { RunRecord } from '../../../domain/run.ts';
import { aside, line, type Part, prose } from '../text/parts.ts';
import { name, ours, type Words, words } from '../text/words.ts';

const again = ({ kind, cluster }: RunRecord): Words => words`${ours(kind)} ${name(cluster)}`;

/** How far it came before it was stopped. */
function untilThen({ progress: { steps, startedAt } }: RunRecord): Words {
  if (startedAt === null) return words`It had not begun.`;
  const ended = steps.filter(hasEnded).length;
  return words`${ended} of ${steps.length} steps were done.`;
}

const unexplained = 'It ended without a result, and without a reason.';

function failedParts(record: RunRecord): Part[] {
  return [
    prose(record.progress.error ?? unexplained, 700),
    line(words`This says nothing about the DNS of ${name(record.cluster)}. Run it again: ${again(record)}`),
    aside(words`If it fails again, the log of the worker has more, under run ${name(record.id, 40)}`),
  ];
}

/** What is said of a run that failed or was cancelled, below its head: why, and what to do. */
export const endedParts = (record: RunRecord): Part[] =>
  record.progress.state === 'cancelled'
    ? [line(words`${untilThen(record)} Nothing was judged. To start it again: ${again(record)}`)]
    : failedParts(record);
