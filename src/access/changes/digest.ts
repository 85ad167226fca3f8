import { createHash } from 'node:crypto';
import type { Plan } from '../../domain/plan.ts';

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (_key: string, value: unknown): unknown =>
  isMap(value) ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))) : value;

/**
 * SHA-256 of the plan, in hex, over its JSON with all keys sorted and what is undefined left out: the same before and after it was kept
 * anywhere, and another one for any other plan.
 */
export const planDigest = (plan: Plan): string => createHash('sha256').update(JSON.stringify(plan, sorted), 'utf8').digest('hex');
