import type { Report } from '../../../domain/report.ts';
import { isOver, type Place, type RunRecord } from '../../../domain/run.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { aside, line, type Part, prose, stepList } from '../text/parts.ts';
import { stepOf } from '../text/steps.ts';
import { joined, nothing, ours } from '../text/words.ts';
import { askedWords } from './asked.ts';
import { cancelButton } from './cancel-button.ts';
import { ordersPart } from './change/standing.ts';
import { doctorHead } from './doctor.ts';
import { endedParts } from './ended.ts';
import { stateHead } from './state-head.ts';
import { hintOf, nextOf, sentenceOf, verdictHead } from './verdict-words.ts';
import { type Around, waitingParts } from './waiting.ts';

/** The verdict for somebody who reads only this, on a phone: what is wrong, and the first thing to do. */
function verdictParts(report: Report, cluster: string): Part[] {
  const [next] = nextOf(report);
  const first = next === undefined ? [] : [stepList('Do first', [stepOf(next)])];
  const hint = hintOf(report, cluster);
  return [line(verdictHead(report, cluster)), prose(sentenceOf(report), 700), ...first, ...(hint === null ? [] : [line(hint)])];
}

function stateParts(record: RunRecord, around: Around): Part[] {
  const { result, cluster, progress } = record;
  if (progress.state === 'done' && result?.kind === 'check') return verdictParts(result.report, cluster);
  if (progress.state === 'done' && result?.kind === 'doctor') return [line(doctorHead(result.report, cluster))];
  const head = line(stateHead(record));
  return isOver(progress.state) ? [head, ...endedParts(record).slice(0, 2)] : [head, ...waitingParts(record, around)];
}

/** The card of a run in its channel. It changes in place; below it hangs the thread. */
export function cardMessage(record: RunRecord, place: Place, around: Around): Message {
  const more = record.progress.state === 'done' ? ours('more in the thread') : nothing;
  const button = isOver(record.progress.state) ? [] : [cancelButton(record)];
  return messageOf([
    ...stateParts(record, around),
    ...ordersPart(record, around.now),
    aside(joined([askedWords(record, place), more], ' · ')),
    ...button,
  ]);
}
