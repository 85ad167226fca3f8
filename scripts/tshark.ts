import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kinds, writeCapture, type KindName } from './packets/make.ts';
import { ExactTally } from './packets/tally.ts';
import { tallyOfOurs } from './packets/tally-ours.ts';
import { tallyOfTshark } from './packets/tally-tshark.ts';

/**
 * Compares what tshark and this repository's reader say of the same captures: of each kind that scripts/packets/make.ts writes, one of them of a
 * million packets, and of files that are named.
 *   node scripts/tshark.ts [--install] [FILE...]
 * --install: installs tshark where it is missing (Debian). Exit status 1: they differ; 69: there is no tshark.
 */

const packets = 20_000;
const most: Partial<Record<KindName, number>> = { node: 1_000_000 };

/** Prints both sides of a file. Gives whether they are the same. */
async function compare(title: string, file: string): Promise<boolean> {
  const [theirs, ours] = [await tallyOfTshark(file, new ExactTally()), await tallyOfOurs(file, new ExactTally())];
  const words = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
  const isSame = (word: string): boolean => (theirs[word] ?? 0) === (ours[word] ?? 0);
  const line = (word: string, left: string, right: string, end: string): string =>
    `  ${word.padEnd(24)}${left.padStart(12)}${right.padStart(12)}  ${end}`.trimEnd();
  const rows = words.map((word) => line(word, String(theirs[word] ?? 0), String(ours[word] ?? 0), isSame(word) ? '' : 'DIFFERENT'));
  process.stdout.write(`${[title, line('', 'tshark', 'dns-medic', ''), ...rows].join('\n')}\n\n`);
  return words.every(isSame);
}

async function compareMade(folder: string, name: KindName): Promise<boolean> {
  const file = join(folder, name);
  const count = most[name] ?? packets;
  await writeCapture(file, name, count);
  const same = await compare(`${name}: ${kinds[name].about}, ${count} packets`, file);
  await rm(file);
  return same;
}

async function compareAll(named: readonly string[]): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'dns-medic-tshark-'));
  try {
    let same = true;
    for (const name of Object.keys(kinds) as KindName[]) same = (await compareMade(folder, name)) && same;
    for (const file of named) same = (await compare(basename(file), file)) && same;
    return same;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const hasTshark = (): boolean => spawnSync('tshark', ['--version']).status === 0;

const names = process.argv.slice(2);
const setup = fileURLToPath(new URL('setup', import.meta.url));
if (names.includes('--install')) spawnSync('sh', [setup, '--debian', 'tshark'], { stdio: 'inherit' });
if (hasTshark()) process.exitCode = (await compareAll(names.filter((name) => name !== '--install'))) ? 0 : 1;
else {
  process.stderr.write('tshark: it is not installed: on Debian, sh scripts/setup --debian tshark\n');
  process.exitCode = 69;
}
