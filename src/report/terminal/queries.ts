import type { QuerySummary } from '../../domain/plan.ts';
import { queryAmount, queryBlocks, searchWords } from '../query-words.ts';
import { cut, hanging } from './layout.ts';
import type { Style } from './palette.ts';

/** The lines of a query log, summed up: how many, how they ended, who asks what, what is slow, what went wrong. */
export function queryLines(queries: QuerySummary, { width, palette }: Style): string[] {
  const share = searchWords(queries);
  return [
    ...hanging([queryAmount(queries), ...(share === null ? [] : [share])].join(' '), { width, lead: '' }),
    ...queryBlocks(queries).flatMap(({ title, lines }) => [palette.bold(title), ...lines.map((line) => cut(`  ${line}`, width))]),
  ];
}
