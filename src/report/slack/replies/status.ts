import { type RunRecord } from '../../../domain/run.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { aside, line, type Part, prose, stepList } from '../text/parts.ts';
import { stepOf } from '../text/steps.ts';
import { joined, name, nothing, ours, timeOf, words } from '../text/words.ts';
import { subjectWords, tookWords } from '../thread/asked.ts';
import { boundedRecord } from '../thread/bounded.ts';
import { ordersPart } from '../thread/change/standing.ts';
import { doctorHead } from '../thread/doctor.ts';
import { endedParts } from '../thread/ended.ts';
import { planTitle } from '../thread/plan.ts';
import { stateHead } from '../thread/state-head.ts';
import { nextOf, sentenceOf, verdictHead } from '../thread/verdict-words.ts';
import { type Audience, personFor } from './audience.ts';

function outcomeParts(record: RunRecord, audience: Audience): Part[] {
  const { progress, result, cluster } = record;
  if (progress.state === 'queued') return [line(stateHead(record))];
  if (progress.state === 'running')
    return [line(words`${stateHead(record)} · ${ours(progress.steps.length === 0 ? 'begins' : planTitle(record))}`)];
  if (progress.state !== 'done' || result === null)
    return [line(stateHead(record, (id) => personFor(audience, id))), ...endedParts(record)];
  if (result.kind === 'doctor') return [line(doctorHead(result.report, cluster))];
  if (result.kind === 'change') return [line(stateHead(record)), prose(result.result.says, 700)];
  const [next] = nextOf(result.report);
  const first = next === undefined ? [] : [stepList('Do first', [stepOf(next)])];
  // an offer that nobody has taken up is none of this, so that the time of day does not matter
  return [line(verdictHead(result.report, cluster)), prose(sentenceOf(result.report), 700), ...first, ...ordersPart(record, 0)];
}

/** How far a run is, or what came of it. */
export function statusMessage(told: RunRecord, audience: Audience = 'one'): Message {
  const record = boundedRecord(told);
  const asked = joined(
    [
      words`asked by ${personFor(audience, record.askedBy)} at ${timeOf(record.createdAt)}`,
      record.kind === 'check' ? subjectWords(record.request) : nothing,
      tookWords(record),
      words`run ${name(record.id, 40)}`,
    ],
    ' · ',
  );
  return messageOf([...outcomeParts(record, audience), aside(asked)]);
}
