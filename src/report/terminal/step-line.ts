import type { RunStep } from '../../domain/run.ts';
import { printable } from '../printable.ts';
import { duration } from './amounts.ts';
import type { Palette } from './palette.ts';

/** A step of an act in a line: a mark, a word where it has not ended, the title, and how long it took or why it failed. */
export function stepLine({ title, state, reason, durationMs }: RunStep, palette: Palette): string {
  const what = printable(title, 200) || 'A step';
  const took = durationMs === null ? '' : ` ${palette.dim(duration(durationMs))}`;
  if (state === 'ok') return `${palette.green('✓')} ${what}${took}`;
  if (state === 'failed') return `${palette.red('✗')} ${what}${took}: ${printable(reason ?? 'failed', 300)}`;
  return state === 'running' ? `${palette.cyan('…')} ${what}` : palette.dim(`· ${what}: waits`);
}
