import type { NoPlan } from '../../../../domain/plan.ts';
import { LOOKS } from '../../../../domain/remedy-id.ts';
import type { RunRecord } from '../../../../domain/run.ts';
import { asSentence, capital, whyNone } from '../../../change-words.ts';
import type { Message } from '../../message.ts';
import { messageOf } from '../../text/compose.ts';
import { oneLine } from '../../text/escape.ts';
import { bullets, line, listing, type Part, prose, stepList } from '../../text/parts.ts';
import { stepOf } from '../../text/steps.ts';
import { bold, listed, name, ours, user, words } from '../../text/words.ts';

const mostNone = 8;

function rightsPart(barred: readonly NoPlan[], cluster: string): Part[] {
  if (barred.length === 0) return [];
  const ids = [...new Set(barred.map(({ remedy }) => remedy))].map((id) => name(id, 60));
  return [
    line(
      words`🔒 ${bold(ours('Buttons are not shown for'))} ${listed(ids, mostNone)}: this worker may only read in ${name(cluster)}. What gives it the right: deploy/components/remedies; what is lacking: doctor ${name(cluster)}`,
    ),
  ];
}

const noneLine = ({ remedy, why, says, next, offers }: NoPlan): string => {
  const instead = offers.length === 0 ? '' : ` ${oneLine(`Instead: ${offers.map(({ id }) => id).join(', ')}.`, 80)}`;
  const [first] = next;
  return oneLine(
    `${oneLine(remedy, 60)} (${whyNone[why]}): ${oneLine(asSentence(says), 170)}${instead}${first === undefined ? '' : ` ${oneLine(capital(first), 200)}`}`,
    300,
  );
};

/** The answer to somebody who asked for a remedy by name, in full. */
function askedParts({ remedy, why, says, next, offers, allow }: NoPlan, { cluster, askedBy }: Asked): Part[] {
  const instead = [...new Set(offers.map(({ id }) => id))].map((id) => name(id, 60));
  const steps = next.map((one) => stepOf(capital(one)));
  return [
    line(words`🚫 ${bold(ours('Not offered'))} · ${name(remedy, 60)} · ${name(cluster)} · ${ours(whyNone[why])} · for ${user(askedBy)}`),
    prose(asSentence(says), 700),
    ...(instead.length === 0 ? [] : [line(words`What comes first, or instead: ${listed(instead, 5)}`)]),
    ...(steps.length === 0 ? [] : [stepList('What to do', steps, 6, 2000)]),
    ...(allow.length === 0 ? [] : [listing('RBAC rules that are missing', allow, { mostLines: 15, heaviest: 1500 })]),
  ];
}

/** The run that the remedies were planned in: who asked for it, and for which remedy by name. */
type Asked = Pick<RunRecord, 'cluster' | 'askedBy' | 'request'>;

/** What cannot be done about it here, and why: one short message. Null where there is nothing to say. */
export function noneMessage(none: readonly NoPlan[], run: Asked): Message | null {
  const wanted = none.find(({ remedy }) => remedy === run.request.remedy?.id);
  const others = none.filter((one) => one !== wanted);
  // what shows more needs rights of its own: the answer to whoever asked says how they are given
  const rights = none.filter(({ why, remedy }) => why === 'rights' && !LOOKS.includes(remedy));
  // what is as it would be needs no word
  const told = others.filter(({ why }) => why !== 'rights' && why !== 'not-needed');
  const fine = others
    .filter(({ why }) => why === 'not-needed')
    .slice(0, told.length + rights.length > 0 || wanted !== undefined ? 0 : mostNone);
  const lines = [...told, ...fine].map(noneLine);
  const parts = [
    ...(wanted === undefined ? [] : askedParts(wanted, run)),
    ...rightsPart(rights, run.cluster),
    ...(lines.length === 0 ? [] : [bullets(wanted === undefined ? 'Not offered' : 'Neither are', lines, mostNone)]),
  ];
  return parts.length === 0 ? null : messageOf(parts);
}
