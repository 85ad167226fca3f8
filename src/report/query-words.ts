import type { QuerySummary } from '../domain/plan.ts';
import { span } from './change-words.ts';
import { printable } from './printable.ts';

/** A title of ours and lines of fixed width; others' names may be in them. */
export interface QueryBlock {
  title: string;
  lines: string[];
}

const most = 8;
const percent = (share: number): string => (share > 0 && share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`);
const rate = (perSecond: number): string => (perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond)));
const milliseconds = (ms: number): string => (ms < 1 ? '<1 ms' : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** Counts at the left, right-aligned, so that they can be compared down the column. */
function counted(rows: readonly { count: number; what: string }[]): string[] {
  const shown = rows.slice(0, most);
  const width = Math.max(0, ...shown.map(({ count }) => String(count).length));
  const more = rows.length - shown.length;
  return [
    ...shown.map(({ count, what }) => `${String(count).padStart(width)}  ${what}`),
    ...(more > 0 ? [`${' '.repeat(width)}  and ${more} more`] : []),
  ];
}

const named = (text: string, max = 90): string => printable(text, max);

/** How much was logged, in a sentence or two. */
export function queryAmount({ lines, seconds, perSecond, cut, unreadable }: QuerySummary): string {
  if (lines === 0)
    return `Nothing was logged in ${span(seconds * 1000)}: no query of the kind that was logged came, or it was answered elsewhere.`;
  const partly = cut ? ' More was logged than was read: the numbers are of what was read.' : '';
  const odd = unreadable === 0 ? '' : ` ${unreadable} ${unreadable === 1 ? 'line' : 'lines'} could not be read.`;
  return `${lines} ${lines === 1 ? 'query was' : 'queries were'} logged in ${span(seconds * 1000)}, ${rate(perSecond)} a second.${partly}${odd}`;
}

/** How many queries only the search list of resolv.conf made; null where it cannot be told. */
export const searchWords = ({ searchShare }: QuerySummary): string | null =>
  searchShare === null
    ? null
    : `${percent(searchShare)} of them were made by the search list (ndots) alone${searchShare >= 0.5 ? ': fully qualified names, with a dot at the end, would save them' : ''}.`;

/** What was asked, by whom, how it ended, what was slow, what went wrong: blocks of lines, empty ones left out. */
export function queryBlocks({ clients, names, rcodes, slow, errors }: QuerySummary): QueryBlock[] {
  const codes = Object.entries(rcodes).map(([code, count]) => ({ count, what: named(code, 40) }));
  const blocks = [
    { title: 'How they ended', lines: counted(codes.toSorted((a, b) => b.count - a.count)) },
    {
      title: 'Who asks',
      lines: counted(
        clients.map(({ address, pod, queries }) => ({
          count: queries,
          what: `${named(address, 50)}${pod === null ? '' : `  ${named(pod)}`}`,
        })),
      ),
    },
    {
      title: 'What is asked',
      lines: counted(names.map(({ name, type, queries }) => ({ count: queries, what: `${named(type, 12).padEnd(5)} ${named(name)}` }))),
    },
    {
      title: 'The slowest',
      lines: slow
        .slice(0, most)
        .map(
          ({ name, type, rcode, ms }) =>
            `${milliseconds(ms).padStart(7)}  ${named(rcode, 12).padEnd(8)}  ${named(type, 12).padEnd(5)} ${named(name)}`,
        ),
    },
    { title: 'Errors of CoreDNS', lines: counted(errors.map(({ message, count }) => ({ count, what: named(message, 160) }))) },
  ];
  return blocks.filter(({ lines }) => lines.length > 0);
}
