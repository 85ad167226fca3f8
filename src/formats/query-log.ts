/** The query log of CoreDNS: its lines, and what they add up to. */
export { parseQueryLine } from './query-line.ts';
export type { QueryLine } from './query-line.ts';
export { QueryCounter, queryStats } from './query-stats.ts';
export type { QueryStatsOptions } from './query-stats.ts';
