import type { z } from 'zod';
import type { AnyRemedy } from './remedy.ts';

const problem = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;

/** What is wrong with what was given for a remedy, in the words of its schema, each key named. */
export const problemsOf = ({ issues }: z.ZodError): string => issues.map(problem).join('; ');

/** What is wrong with these parameters of a remedy; null: nothing. */
export function wrongParams({ params: schema }: Pick<AnyRemedy, 'params'>, params: unknown): string | null {
  const parsed = schema.safeParse(params);
  return parsed.success ? null : problemsOf(parsed.error);
}
