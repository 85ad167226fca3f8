import { Command } from 'commander';
import { UsageError } from '../base/failure.ts';
import { checks } from '../checks/registry.ts';
import { closest } from '../rules/names.ts';
import { explainCheck } from '../report/terminal/checks.ts';
import { asJson } from './checks.ts';
import { paletteFor } from './colours.ts';
import { widthOf } from './print.ts';

/** Codes that an unknown one may have meant: mistyped ones, else those that have its words in them. */
export function meant(code: string, known: readonly string[]): string[] {
  const near = closest(code, known, 3);
  const word = code.toLowerCase();
  return near.length > 0 || word.length < 3 ? near : known.filter((id) => id.includes(word)).slice(0, 5);
}

function unknownCode(code: string): UsageError {
  const near = meant(
    code,
    checks.map(({ id }) => id),
  );
  const hint = near.length === 0 ? 'dns-medic checks lists them' : `did you mean ${near.join(', ')}?`;
  return new UsageError(`no check has the code ${JSON.stringify(code.slice(0, 80))}: ${hint}`);
}

export const explain = new Command('explain')
  .description('explain a finding: what it means, why it matters, what to do')
  .argument('<code>', 'the code of a finding, as in corefile-forward-unreachable')
  .option('--json', 'print it as one JSON document')
  .action((code: string, options: { json?: boolean }) => {
    const check = checks.find(({ id }) => id === code.toLowerCase());
    if (check === undefined) throw unknownCode(code);
    if (options.json === true) process.stdout.write(`${JSON.stringify(asJson(check))}\n`);
    else process.stdout.write(explainCheck(check, { width: widthOf(process.stdout), palette: paletteFor(process.stdout) }));
  });
