import { readFileSync } from 'node:fs';
import type { Target } from '../../../src/config/load.ts';
import { performed } from './engine.ts';

/** A worker that is killed while it waits for the end of a capture. Its order comes in a file. */
const { target, order } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  target: Target;
  order: Parameters<typeof performed>[1];
};

await performed(target, order, {
  onStep: ({ id, state }) => {
    if (id === 'capture-wait' && state === 'running') process.kill(process.pid, 'SIGKILL');
  },
});
