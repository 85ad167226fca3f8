import type { LookupRow } from '../../domain/lookups.ts';
import { printable } from '../printable.ts';
import { shortMs } from './amounts.ts';

/** A cell of the lookup matrix: at most eight columns of text, and how bad it is. */
export interface Cell {
  text: string;
  tone: 'good' | 'partial' | 'bad' | 'none';
}

/** Names of the cluster, and names of the world. */
export const sideOf = (role: LookupRow['role']): 'int' | 'ext' | null => {
  if (role === 'internal' || role === 'fresh') return 'int';
  return role === 'external' || role === 'fresh-external' ? 'ext' : null;
};

/** Rcodes that are right: a name that nobody has asked before need not exist. */
const right = (role: LookupRow['role']): readonly string[] =>
  role === 'internal' || role === 'external' ? ['NOERROR'] : ['NXDOMAIN', 'NOERROR'];

const failures: Record<NonNullable<LookupRow['failure']>, string> = {
  timeout: 'timeout',
  refused: 'refused',
  unreachable: 'unreach',
  other: 'failed',
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function wrongCode(rows: readonly LookupRow[]): string | null {
  const wrong = rows.flatMap(({ role, rcodes }) => Object.entries(rcodes).filter(([code]) => !right(role).includes(code)));
  const [worst] = wrong.toSorted((a, b) => b[1] - a[1]);
  return worst === undefined ? null : printable(worst[0], 8);
}

/** What came of all rows that fall in one cell, the worst of it: loss of all, a wrong rcode, loss of some, or the slowest median. */
export function cellOf(rows: readonly LookupRow[]): Cell {
  const shots = sum(rows.map((row) => row.shots));
  const answered = sum(rows.map((row) => row.answered));
  if (shots === 0) return { text: '·', tone: 'none' };
  const failure = rows.find((row) => row.failure !== null)?.failure ?? 'other';
  if (answered === 0) return { text: failures[failure], tone: 'bad' };
  const code = wrongCode(rows);
  if (code !== null) return { text: code, tone: 'bad' };
  if (answered < shots) return { text: `${answered}/${shots}`, tone: 'partial' };
  const times = rows.flatMap((row) => row.p50Ms ?? []);
  return { text: times.length === 0 ? 'ok' : `ok ${shortMs(Math.max(...times))}`, tone: 'good' };
}
