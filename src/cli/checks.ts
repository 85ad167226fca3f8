import { Command } from 'commander';
import { checks } from '../checks/registry.ts';
import type { AnyCheck } from '../domain/check.ts';
import { checksTable, wordingsOf } from '../report/terminal/checks.ts';
import { groupOf } from '../report/check-groups.ts';
import { paletteFor } from './colours.ts';
import { widthOf } from './print.ts';

/** A check for a program: everything but its judgement. */
export const asJson = (check: AnyCheck): Record<string, unknown> => ({
  id: check.id,
  group: groupOf(check.id).name,
  title: check.title,
  why: check.why,
  docs: check.docs,
  wordings: wordingsOf(check).map(({ variant, wording }) => ({ variant, ...wording })),
  explains: check.explains,
  requires: check.requires,
  uses: check.uses,
});

export const listChecks = new Command('checks')
  .description('list every check: its code, what is so when all is well, and what it reads')
  .option('--json', 'print them as one JSON document')
  .action((options: { json?: boolean }) => {
    if (options.json === true) process.stdout.write(`${JSON.stringify(checks.map(asJson))}\n`);
    else process.stdout.write(checksTable(checks, { width: widthOf(process.stdout), palette: paletteFor(process.stdout) }));
  });
