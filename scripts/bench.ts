import { availableParallelism, loadavg } from 'node:os';
import { acknowledge } from './bench/acknowledge.ts';
import { coldStart } from './bench/cold-start.ts';
import { engine } from './bench/engine.ts';
import { memory } from './bench/memory.ts';
import { packets } from './bench/packets.ts';
import type { Part } from './bench/part.ts';
import { restarts } from './bench/restarts.ts';
import { tableOf } from './bench/table.ts';
import { threads } from './bench/threads.ts';

/**
 * Measures, with the targets beside the numbers.
 *   bench               all that can be measured here and changes no cluster
 *   bench bot           what needs no cluster
 *   bench NAME...       these parts
 * Exit status 1: something could not be measured. A target that is missed is marked.
 */
const parts: readonly Part[] = [engine, acknowledge, threads, memory, coldStart, packets, restarts];

const isKnown = (name: string): boolean => name === 'bot' || parts.some((part) => part.name === name);

const wanted = (names: readonly string[]): readonly Part[] =>
  names.length === 0
    ? parts.filter(({ onlyNamed }) => onlyNamed !== true)
    : parts.filter(({ name, ofBot }) => names.includes(name) || (ofBot && names.includes('bot')));

/** What else goes on here: numbers of a busy machine say little. */
const load = (): string => (loadavg()[0] ?? 0).toFixed(1);

/** Measures a part, and prints what came of it. Gives whether it is as it should be: measured, or not to be measured here and not asked for. */
async function tell(part: Part, isAskedFor: boolean): Promise<boolean> {
  const title = `${part.name}: ${part.about}`;
  const before = load();
  try {
    const measured = await part.measure();
    if (Array.isArray(measured)) {
      const around = `${availableParallelism()} processors, load ${before} before and ${load()} after`;
      process.stdout.write(`${tableOf(title, measured)}(${around})\n\n`);
    } else process.stdout.write(`${part.name}: cannot be measured here: ${measured.obstacle}\n\n`);
    return Array.isArray(measured) || !isAskedFor;
  } catch (error) {
    process.stdout.write(`${part.name}: FAILED: ${error instanceof Error ? error.message : String(error)}\n\n`);
    return false;
  }
}

// what was started is ended too, however this ends
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(143));
const names = process.argv.slice(2);
const unknown = names.find((name) => !isKnown(name));
if (unknown === undefined) {
  let well = true;
  for (const part of wanted(names)) well = (await tell(part, names.length > 0)) && well;
  process.exitCode = well ? 0 : 1;
} else {
  process.stderr.write(`bench: there is no part ${unknown}: bot, ${parts.map(({ name }) => name).join(', ')}\n`);
  process.exitCode = 64;
}
