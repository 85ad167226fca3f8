import type { AuditAction, AuditEntry, AuditLine } from '../../domain/audit.ts';
import { shortOrder } from '../change-words.ts';
import { printable } from '../printable.ts';
import { hanging } from './layout.ts';
import type { Palette, Style } from './palette.ts';

const paints: Readonly<Partial<Record<AuditAction, keyof Palette>>> = {
  done: 'green',
  undone: 'green',
  swept: 'green',
  failed: 'red',
  'undo-failed': 'red',
  'chain-restarted': 'red',
  refused: 'yellow',
  declined: 'yellow',
  expired: 'yellow',
  wrote: 'cyan',
};

const longestTime = 8.64e15;
const moment = (at: number): string =>
  Math.abs(at) <= longestTime ? `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC` : 'at an impossible time';

const valueWords = (value: AuditEntry['details'][string]): string =>
  Array.isArray(value) ? value.join(', ') || 'none' : value === null ? 'none' : String(value);

/** `reason: "it burns"; people: 2`. What is nothing is left out. */
function detailWords({ details }: AuditEntry): string {
  const told = Object.entries(details).filter(
    ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return told.map(([key, value]) => `${printable(key, 40)}: ${printable(valueWords(value), 300)}`).join('; ');
}

function lineOf(line: AuditLine, { width, palette }: Style): string[] {
  const { seq, at, actor, action, cluster, change, remedy, run } = line;
  const about = [remedy === null ? '' : printable(remedy, 80), cluster === '' ? '' : printable(cluster, 253)].filter((part) => part !== '');
  const facts = [
    `by ${actor.kind} ${printable(actor.id, 100)}`,
    change === null ? '' : `order ${printable(shortOrder(change), 10)}`,
    run === null ? '' : `run ${printable(run, 20)}`,
    detailWords(line),
  ].filter((part) => part !== '');
  const paint = palette[paints[action] ?? 'bold'];
  const lead = `${seq}  ${moment(at)}  ${action}  `;
  return [
    ...hanging(about.join('  ') || 'the whole chain', {
      width,
      lead,
      indent: 4,
      paint: (text) => text.replace(action, () => paint(action)),
    }),
    ...hanging(facts.join('; '), { width, lead: '    ' }).map((text) => palette.dim(text)),
  ];
}

/** Lines of the audit chain for people, in the order in which they are given. Ends in a line feed. */
export function auditText(lines: readonly AuditLine[], style: Style): string {
  if (lines.length === 0) return 'Nothing is written there.\n';
  return `${lines.flatMap((line) => lineOf(line, style)).join('\n')}\n`;
}
