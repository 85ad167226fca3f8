import type { Command } from 'commander';
import { check } from './check.ts';
import { judgeBundle } from './judge.ts';

/** Every command of the terminal. */
export const commands: readonly Command[] = [check, judgeBundle];
