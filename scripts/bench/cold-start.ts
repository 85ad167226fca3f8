import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../src/cli/demo/child.ts';
import type { Stage } from '../../src/cli/demo/stage.ts';
import { type Figure, type Part, plainly } from './part.ts';
import { median } from './quantile.ts';
import { onStage, stageObstacle } from './workspace.ts';

const times = 5;
const readyWithinMs = 30_000;
const lookEveryMs = 5;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(port: number): Promise<void> {
  for (const began = performance.now(); performance.now() - began < readyWithinMs; await sleep(lookEveryMs)) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
  }
  throw new Error('/readyz is not 200');
}

/** Milliseconds from the start of the process until /readyz says that it can work. */
async function startMs(start: (env: Readonly<Record<string, string>>) => Promise<Child>): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const [child, took] = await Promise.all([start({ HEALTH_PORT: String(port) }), untilReady(port).then(() => performance.now() - began)]);
  await child.end();
  return took;
}

async function measureStarts(stage: Stage): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [who, start] of [
    ['bot', (env) => stage.startBot(env)],
    ['worker', (env) => stage.startWorker(env)],
  ] satisfies [string, (env: Readonly<Record<string, string>>) => Promise<Child>][]) {
    const took: number[] = [];
    for (let count = 0; count < times; count++) took.push(await startMs(start));
    figures.push(
      plainly(
        `${who}: process started until ready, median and longest of ${times}`,
        `${median(took).toFixed(0)}  ${Math.max(...took).toFixed(0)} ms`,
      ),
    );
  }
  return figures;
}

/** How long bot and worker take to be ready. */
export const coldStart: Part = {
  name: 'start',
  about: 'from nothing to /readyz',
  ofBot: true,
  measure: async () => (await stageObstacle()) ?? (await onStage({ clusters: 5, channels: 1, times: 0, bundle: 'healthy' }, measureStarts)),
};
