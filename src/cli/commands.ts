import type { Command } from 'commander';
import { processes } from './bot.ts';
import { check } from './check.ts';
import { listChecks } from './checks.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { judgeBundle } from './judge.ts';
import { sweepUp } from './sweep.ts';

/** Every command of the terminal. */
export const commands: readonly Command[] = [check, judgeBundle, doctor, explain, listChecks, sweepUp, ...processes];
