import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Jest's `--json` file. A file of tests that could not start has no test that failed, so it counts as one. */
const ofJest = (text: string): Tally => {
  const run = JSON.parse(text) as Record<string, number>;
  return {
    passed: run['numPassedTests'] ?? 0,
    failed: (run['numFailedTests'] ?? 0) + (run['numRuntimeErrorTestSuites'] ?? 0),
    skipped: (run['numPendingTests'] ?? 0) + (run['numTodoTests'] ?? 0),
  };
};

/** The last line of a log, `N passed, M failed, K skipped`; nothing counted when it is not there. */
const ofLog = (text: string): Tally => {
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  const [, passed = 0, failed = 0, skipped = 0] = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(last) ?? [];
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
};

/**
 * Sums what the steps of a test run left behind: NAME.json from Jest, NAME.txt from a log, NAME.failed from any step.
 * A step that failed without a failed test (types, say, or a crash) counts as one that failed.
 */
export function tally(files: Readonly<Record<string, string>>): Tally {
  const sum: Tally = { passed: 0, failed: 0, skipped: 0 };
  const failedTests = new Map<string, number>();
  for (const [file, text] of Object.entries(files)) {
    if (file.endsWith('.failed')) continue;
    const step = file.endsWith('.json') ? ofJest(text) : ofLog(text);
    failedTests.set(file.replace(/\.\w+$/, ''), step.failed);
    for (const key of ['passed', 'failed', 'skipped'] as const) sum[key] += step[key];
  }
  const failedSteps = Object.keys(files).filter((file) => file.endsWith('.failed'));
  sum.failed += failedSteps.filter((file) => !failedTests.get(basename(file, '.failed'))).length;
  return sum;
}

/** `N passed, N failed`, and `, N skipped` where any were. */
export const tallyLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

function main(directory: string): void {
  const files = Object.fromEntries(readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
  const sum = tally(files);
  console.log(tallyLine(sum));
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv[2] ?? '.');
