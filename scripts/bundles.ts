import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../src/cli/engine.ts';
import { readBundle } from '../src/cli/judge.ts';

/**
 * Takes bundles that `e2e --save DIR` kept into test/bundles, with the verdict that each had: bundles DIR [NAME...]
 * The unit tests judge them again, without a cluster.
 */
const [from, ...names] = process.argv.slice(2);
if (from === undefined) throw new Error('usage: bundles DIR [NAME...]');
const to = join(import.meta.dirname, '..', 'test', 'bundles');
mkdirSync(to, { recursive: true });
const verdictsFile = join(to, 'verdicts.json');

/** Numbers that a new recording would change for nothing are cut to what matters. */
const shorter = (text: string): string => text.replace(/(\d+\.\d{3})\d+/g, '$1');

const read = (): Record<string, unknown> => {
  try {
    return JSON.parse(readFileSync(verdictsFile, 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
};
const verdicts = read();
const wanted = names.length > 0 ? names : readdirSync(from).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
for (const name of wanted) {
  const file = join(from, `${name}.json`);
  const bundle = await readBundle(file);
  const { verdict } = judge(bundle);
  verdicts[name] = { status: verdict.status, causes: verdict.causes };
  writeFileSync(join(to, `${name}.json`), `${shorter(JSON.stringify(bundle))}\n`);
}
const sorted = Object.fromEntries(Object.entries(verdicts).toSorted(([a], [b]) => a.localeCompare(b)));
writeFileSync(verdictsFile, `${JSON.stringify(sorted, null, 2)}\n`);
