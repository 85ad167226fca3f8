import type { Plan, PlannedObject } from '../../../../domain/plan.ts';
import { objectLine } from '../../../change-words.ts';
import { count } from '../../../terminal/amounts.ts';
import { weightOf } from '../../text/escape.ts';
import { line, listing, type Part, prose } from '../../text/parts.ts';
import { pieces } from '../../text/preformatted.ts';
import { bold, name, ours, words } from '../../text/words.ts';

/** A block of fixed width holds so much. */
const heaviestPiece = 2800;
/** All objects together, in blocks: some 1,000 lines. More than that nobody reads in a window, and Slack takes no more than 250 kB of it. */
const mostPieces = 16;
const mostObjects = 25;

const bounds = (lines: readonly string[]) => ({ mostLines: lines.length, widest: heaviestPiece - 1, heaviest: heaviestPiece + 1 });

function objectParts(object: PlannedObject, room: number): { parts: Part[]; left: number } {
  const title = objectLine(object);
  if (object.diff.length === 0) return { parts: [prose(title, 700)], left: 0 };
  const diff = object.diff.map((text) => text.replaceAll('\t', '    '));
  const { pieces: shown, left } = pieces(diff, heaviestPiece, room);
  const parts = shown.map((lines, at) => listing(at === 0 ? title : `${title}, continued`, lines, bounds(lines)));
  return { parts, left };
}

const isTooWide = (text: string): boolean => weightOf(text) > heaviestPiece - 1;

/** Each object that is changed, with its lines. What has no room is counted, and where to read all of it is said. */
export function diffParts({ objects, remedy }: Plan, cluster: string): Part[] {
  const parts: Part[] = [];
  let left = 0;
  for (const object of objects.slice(0, mostObjects)) {
    const room = mostPieces - parts.length;
    const added = room > 0 ? objectParts(object, room) : { parts: [], left: object.diff.length };
    parts.push(...added.parts);
    left += added.left;
  }
  const unseen = Math.max(0, objects.length - mostObjects);
  left += objects.slice(mostObjects).reduce((sum, { diff }) => sum + diff.length, 0);
  left += objects.flatMap(({ diff }) => diff).filter(isTooWide).length;
  if (left === 0 && unseen === 0) return parts;
  const what = [...(left === 0 ? [] : [count(left, 'line')]), ...(unseen === 0 ? [] : [`${unseen} of ${objects.length} objects`])].join(
    ' and ',
  );
  const are = left + unseen === 1 ? 'is' : 'are';
  const all = words`${bold(ours(`⚠️ ${what} ${are} cut here, and the whole is what is applied.`))} To read all of it: dns-medic remedy ${name(remedy, 60)} ${name(cluster)} --dry-run`;
  return [...parts, line(all)];
}
