import { parseArgs } from 'node:util';
import { collectors } from '../src/collect/registry.ts';
import type { Report } from '../src/domain/report.ts';
import { inOrder } from '../src/flows/schedule.ts';
import { findCluster, medic, type TestCluster } from './e2e/cluster.ts';
import { readReport } from './e2e/compare.ts';
import { manualProcedure } from './e2e/manual.ts';

/**
 * How long a full check of a healthy cluster takes, beside the same steps by kubectl one after another, and beside the longest chain of its own steps.
 *   bench [--runs N]
 */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

const median = (numbers: readonly number[]): number => [...numbers].toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Milliseconds of the slowest chain of steps that wait for each other: no schedule can be faster. */
function longestChain(report: Report): number {
  const took = new Map(report.readings.map((reading) => [reading.id, reading.durationMs]));
  const ends = new Map<string, number>();
  for (const collector of inOrder(collectors)) {
    const start = Math.max(0, ...collector.after.map((id) => ends.get(id) ?? 0));
    ends.set(collector.id, start + (took.get(collector.id) ?? 0));
  }
  return Math.max(...ends.values());
}

async function oneCheck(cluster: TestCluster): Promise<{ wall: number; own: number; chain: number; report: Report }> {
  const done = await medic(['check', '--kubeconfig', cluster.kubeconfig, '--json']);
  const report = readReport(done.stdout);
  if (typeof report === 'string') throw new Error(`${report} ${done.stderr}`);
  return { wall: done.seconds, own: report.run.durationMs / 1000, chain: longestChain(report) / 1000, report };
}

const seconds = (value: number): string => `${value.toFixed(2).padStart(8)} s`;

async function main(): Promise<void> {
  const cluster = await findCluster();
  if ('reason' in cluster) throw new Error(cluster.reason);
  try {
    await oneCheck(cluster); // the first one fills file caches
    const runs: Awaited<ReturnType<typeof oneCheck>>[] = [];
    for (let run = 0; run < Number(values.runs); run++) runs.push(await oneCheck(cluster));
    const manual = await manualProcedure(cluster);
    const [wall, own, chain] = [
      median(runs.map((run) => run.wall)),
      median(runs.map((run) => run.own)),
      median(runs.map((run) => run.chain)),
    ];
    const last = runs.at(-1)?.report;
    process.stdout.write(
      [
        `full check, the process from start to end        ${seconds(wall)}   median of ${runs.length}, verdict ${last?.verdict.status}`,
        `full check, the run itself                       ${seconds(own)}`,
        `longest chain of its own steps                   ${seconds(chain)}   the run takes ${(own / chain).toFixed(2)} times that`,
        `the same by kubectl, one step after another      ${seconds(manual.seconds)}   ${manual.steps} commands; ${(manual.seconds / wall).toFixed(1)} times the check`,
        `API requests ${last?.cost.apiRequests}, bytes ${last?.cost.bytes}`,
        '',
      ].join('\n'),
    );
  } finally {
    await cluster.release();
  }
}

await main();
