import type { Finding } from '../domain/finding.ts';
import { LOOKS } from '../domain/remedy-id.ts';

/** The remedies of findings by id, each once: those that mend something, and those that only show more. */
export function waysOut(findings: readonly Pick<Finding, 'remedies'>[]): { mends: string[]; looks: string[] } {
  const ids = [...new Set(findings.flatMap(({ remedies }) => remedies.map(({ id }) => id)))];
  return { mends: ids.filter((id) => !LOOKS.includes(id)), looks: ids.filter((id) => LOOKS.includes(id)) };
}
