import { collectors } from '../../src/collect/registry.ts';
import type { Report } from '../../src/domain/report.ts';
import { inOrder } from '../../src/flows/schedule.ts';
import { findCluster, medic, type TestCluster } from '../e2e/cluster.ts';
import { readReport } from '../e2e/compare.ts';
import { manualProcedure } from '../e2e/manual.ts';
import { type Figure, type Part, plainly } from './part.ts';
import { median } from './quantile.ts';

const runs = 5;

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

const seconds = (value: number): string => `${value.toFixed(2)} s`;

async function measureOn(cluster: TestCluster): Promise<Figure[]> {
  await oneCheck(cluster); // the first one fills file caches
  const checks: Awaited<ReturnType<typeof oneCheck>>[] = [];
  for (let index = 0; index < runs; index++) checks.push(await oneCheck(cluster));
  const manual = await manualProcedure(cluster);
  const [wall, own, chain] = [
    median(checks.map((check) => check.wall)),
    median(checks.map((check) => check.own)),
    median(checks.map((check) => check.chain)),
  ];
  const last = checks.at(-1)?.report;
  const [faster, longer] = [manual.seconds / wall, own / chain];
  return [
    plainly(`full check, process from start to end, median of ${runs}, verdict ${last?.verdict.status}`, seconds(wall)),
    plainly('full check, the run itself', seconds(own)),
    plainly('longest chain of its own steps', seconds(chain)),
    { what: 'the run, as a multiple of that chain', measured: longer.toFixed(2), target: 'at most 1.2', met: longer <= 1.2 },
    plainly(`the same by kubectl, ${manual.steps} commands one after another`, seconds(manual.seconds)),
    { what: 'that, as a multiple of the full check', measured: faster.toFixed(2), target: 'at least 5', met: faster >= 5 },
    plainly('API requests of a check', String(last?.cost.apiRequests)),
    plainly('bytes of their answers', String(last?.cost.bytes)),
  ];
}

/** How long a full check of a healthy cluster takes, beside the same steps by kubectl one after another, and beside the longest chain of its own steps. */
export const engine: Part = {
  name: 'engine',
  about: 'a full check of the real cluster, beside the same by hand',
  ofBot: false,
  measure: async () => {
    const cluster = await findCluster();
    if ('reason' in cluster) return { obstacle: cluster.reason };
    try {
      return await measureOn(cluster);
    } finally {
      await cluster.release();
    }
  },
};
