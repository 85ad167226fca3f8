import { createHash } from 'node:crypto';
import { canonicalJson } from '../../base/canonical-json.ts';
import type { Plan } from '../../domain/plan.ts';

/**
 * SHA-256 of the plan, in hex, over its JSON with all keys sorted and what is undefined left out: the same before and after it was kept
 * anywhere, and another one for any other plan.
 */
export const planDigest = (plan: Plan): string => createHash('sha256').update(canonicalJson(plan), 'utf8').digest('hex');
