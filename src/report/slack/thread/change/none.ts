import type { NoPlan } from '../../../../domain/plan.ts';
import { asSentence, capital, whyNone } from '../../../change-words.ts';
import type { Message } from '../../message.ts';
import { messageOf } from '../../text/compose.ts';
import { oneLine } from '../../text/escape.ts';
import { bullets, line, type Part } from '../../text/parts.ts';
import { bold, listed, name, ours, words } from '../../text/words.ts';

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

/** What cannot be done about it here, and why: one short message. Null where there is nothing to say. */
export function noneMessage(none: readonly NoPlan[], cluster: string): Message | null {
  const rights = none.filter(({ why }) => why === 'rights');
  // what is as it would be needs no word
  const others = none.filter(({ why }) => why !== 'rights' && why !== 'not-needed');
  const asked = none.filter(({ why }) => why === 'not-needed').slice(0, others.length + rights.length === 0 ? mostNone : 0);
  const lines = [...others, ...asked].map(noneLine);
  if (rights.length + lines.length === 0) return null;
  return messageOf([...rightsPart(rights, cluster), ...(lines.length === 0 ? [] : [bullets('Not offered', lines, mostNone)])]);
}
