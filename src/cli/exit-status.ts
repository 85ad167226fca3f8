import type { Report } from '../domain/report.ts';

/** Exit statuses: 0 healthy, 1 something found, 2 could not tell, 64 wrong usage. */
export const usage = 64;
export const couldNotTell = 2;

/** The exit status for a verdict. */
export const exitStatus = ({ verdict }: Report): number =>
  verdict.status === 'healthy' ? 0 : verdict.status === 'unknown' ? couldNotTell : 1;
