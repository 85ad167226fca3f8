import type { Command } from 'commander';
import { analyze } from './analyze.ts';
import { audit } from './audit.ts';
import { processes } from './bot.ts';
import { capture } from './capture.ts';
import { check } from './check.ts';
import { listChecks } from './checks.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { judgeBundle } from './judge.ts';
import { listRemedies } from './remedies.ts';
import { carryOutRemedy } from './remedy.ts';
import { sweepUp } from './sweep.ts';
import { undoRemedy } from './undo.ts';

/** Every command of the terminal. */
export const commands: readonly Command[] = [
  check,
  judgeBundle,
  analyze,
  capture,
  doctor,
  explain,
  listChecks,
  listRemedies,
  carryOutRemedy,
  undoRemedy,
  audit,
  sweepUp,
  ...processes,
];
