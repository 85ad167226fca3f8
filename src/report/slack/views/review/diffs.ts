import type { Plan, PlannedObject } from '../../../../domain/plan.ts';
import { objectLine } from '../../../change-words.ts';
import { weightOf } from '../../text/escape.ts';
import { line, listing, type Part } from '../../text/parts.ts';
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
  if (object.diff.length === 0) return { parts: [listing(title, ['(no text is changed)'])], left: 0 };
  const { pieces: shown, left } = pieces(object.diff, heaviestPiece, room);
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
  const others = objects.slice(mostObjects);
  left += others.reduce((sum, { diff }) => sum + diff.length, 0) + objects.flatMap(({ diff }) => diff).filter(isTooWide).length;
  const unseen = objects.length > parts.length && others.length > 0 ? ` of ${objects.length} objects` : '';
  if (left === 0 && unseen === '') return parts;
  const all = words`${bold(ours(`⚠️ ${left} lines${unseen} are cut here, and the whole is what is applied.`))} To read all of it: dns-medic remedy ${name(remedy, 60)} ${name(cluster)} --dry-run`;
  return [...parts, line(all)];
}
