import type { LookupRow } from '../../domain/lookups.ts';
import { printable } from '../printable.ts';
import { hanging } from './layout.ts';
import type { Nodes } from './matrix-axes.ts';
import type { Style } from './palette.ts';

/** The names that were asked for in the columns of one role. */
function namesOf(rows: readonly LookupRow[], role: LookupRow['role']): string {
  const names = new Set(rows.filter((row) => row.role === role).map((row) => row.name));
  return printable([...names].slice(0, 3).join(' '), 120);
}

/** What the letters and the words at the head of the columns stand for; letters whose node the table names itself are left out. */
export function legend(rows: readonly LookupRow[], nodes: Nodes, table: string, { width, palette }: Style): string[] {
  const [inside, outside] = [namesOf(rows, 'internal'), namesOf(rows, 'external')];
  const letters = nodes.all
    .filter((node) => table.includes(`(${nodes.letter(node)})`) && !table.includes(`from ${nodes.letter(node)} ${nodes.short(node)}`))
    .map((node) => `${nodes.letter(node)}=${nodes.short(node)}`);
  const texts = [inside && `int: ${inside}`, outside && `ext: ${outside}`, letters.join(', ')].filter((text) => text !== '');
  return texts.flatMap((text) => hanging(text, { width, lead: '  ', maxLines: 3 })).map((line) => palette.dim(line));
}
