import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../src/base/failure.ts';
import { judge } from '../src/cli/engine.ts';
import { usage } from '../src/cli/exit-status.ts';
import { readBundle } from '../src/cli/judge.ts';
import { printReport } from '../src/cli/print.ts';

/**
 * Judges a recorded run of a cluster whose DNS is broken, and prints the report as `dns-medic check` does.
 *   demo            CoreDNS forwards to a server that does not answer
 *   demo NAME       another of the recorded faults, by the name of its file in test/bundles
 */
const directory = new URL('../test/bundles/', import.meta.url);
const list = (): string[] =>
  readdirSync(directory).flatMap((file) => (file.endsWith('.json') && file !== 'verdicts.json' ? [file.slice(0, -'.json'.length)] : []));

try {
  const wanted = process.argv[2] ?? 'corefile-forward-unreachable';
  const recorded = list().toSorted();
  if (!recorded.includes(wanted)) throw new UsageError(`nothing was recorded of ${wanted}; there is:\n  ${recorded.join('\n  ')}`);
  const bundle = await readBundle(fileURLToPath(new URL(`${wanted}.json`, directory)));
  printReport(judge(bundle), bundle, process.stdout);
  process.stderr.write('\nThis was recorded on a real cluster. Another one: npm run demo NAME; an unknown NAME lists them.\n');
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? usage : 1;
}
