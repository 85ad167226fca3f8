import type { Step } from './parts.ts';

const command = /^(.{1,400}?): ((?:kubectl|aws|dig) .+)$/s;

/** A next step of a finding as prose and the command at its end, if it ends in one. */
export function stepOf(next: string): Step {
  const [, prose, run] = command.exec(next) ?? [];
  return prose === undefined || run === undefined ? { prose: next, command: null } : { prose: `${prose}:`, command: run };
}
