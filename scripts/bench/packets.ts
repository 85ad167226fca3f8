import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../e2e/cluster.ts';
import { writeCapture } from '../packets/make.ts';
import { tsharkArguments } from '../packets/tally-tshark.ts';
import { atMost, type Figure, type Part, plainly } from './part.ts';
import { memoryOf } from './process-memory.ts';

const many = 1_000_000;
const few = 100_000;
const times = 2;
const leastFaster = 5;
/** V8's young generation grows to three times 16 MB before it stays as it is. What grew with the file would be more: it is 176 MB larger. */
const youngGeneration = 48;

/** How long a process took, and the most memory that it was seen with. */
interface Cost {
  seconds: number;
  peak: number;
}

/** Runs a command whose output nobody reads. Its peak is asked for again and again: after its end nothing tells it. */
async function cost(command: string, args: readonly string[]): Promise<Cost> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peak = 0;
  const look = setInterval(() => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      peak = Math.max(peak, memoryOf(child.pid).peak);
    } catch {
      // it has ended in this moment
    }
  }, 10);
  const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  clearInterval(look);
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
  return { seconds: (performance.now() - began) / 1_000, peak };
}

/** The best of some runs: what else goes on here only makes a run slower. */
async function best(command: string, args: readonly string[]): Promise<Cost> {
  const costs: Cost[] = [];
  for (let count = 0; count < times; count++) costs.push(await cost(command, args));
  return { seconds: Math.min(...costs.map(({ seconds }) => seconds)), peak: Math.max(...costs.map(({ peak }) => peak)) };
}

const counter = fileURLToPath(new URL('../packets/count.ts', import.meta.url));
const ours = (file: string): Promise<Cost> => best(process.execPath, ['--disable-warning=ExperimentalWarning', counter, file]);

async function figures(large: string, small: string): Promise<Figure[]> {
  const [own, ownSmall] = [await ours(large), await ours(small)];
  const messages = await best('tshark', tsharkArguments(large));
  const tree = await best('tshark', ['-n', '-q', '-r', large, '-z', 'dns,tree']);
  const faster = Math.min(messages.seconds, tree.seconds) / own.seconds;
  const told = ({ seconds, peak }: Cost): string => `${seconds.toFixed(1)} s, ${peak.toFixed(0)} MB`;
  return [
    plainly('tshark: fields of each message', told(messages)),
    plainly('tshark: -z dns,tree', told(tree)),
    plainly(`dns-medic: ${Math.round(many / own.seconds / 1_000)} thousand packets a second`, told(own)),
    { what: 'times as fast as the faster one', measured: faster.toFixed(1), target: `${leastFaster}`, met: faster >= leastFaster },
    plainly(`dns-medic: ${few} packets`, told(ownSmall)),
    atMost('dns-medic: memory, which must not grow with the file', own.peak, Math.round(ownSmall.peak + youngGeneration), 'MB', 0),
  ];
}

/** Queries, answers, rcodes and unanswered queries of a capture of a million packets, by tshark and by this repository's reader. */
export const packets: Part = {
  name: 'packets',
  about: `a capture of ${many} packets`,
  ofBot: false,
  measure: async () => {
    if (process.platform !== 'linux') return { obstacle: 'memory is read from /proc, which only Linux has' };
    const { status } = await run('tshark', ['--version'], { timeoutMs: 20_000 });
    if (status !== 0) return { obstacle: 'tshark is not installed: on Debian, sh scripts/setup --debian tshark' };
    const folder = await mkdtemp(join(tmpdir(), 'dns-medic-packets-'));
    try {
      const [large, small] = [join(folder, 'large.pcap'), join(folder, 'small.pcap')];
      await writeCapture(large, 'node', many);
      await writeCapture(small, 'node', few);
      return await figures(large, small);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
