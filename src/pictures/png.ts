import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure } from '../base/failure.ts';
import type { Drawing } from './drawing.ts';
import type { Task } from './rasteriser.ts';

/** The largest picture in pixels, and the largest file in bytes. */
const MOST = { width: 1080, height: 2400, bytes: 1_000_000 } as const;
/** The largest SVG in characters: a plot with all its dots has about 200,000. */
const LONGEST_SVG = 1_000_000;
/** Widths in pixels that are tried, until the file is small enough: three, two and one and a half for a unit of the drawing. */
const WIDTHS = [MOST.width, 720, 540] as const;
/** A picture takes a fifth of a second; a thread that takes so long hangs. */
const DEADLINE_MS = 15_000;

/** As it was compiled or not: the thread's file has the ending of this one. */
const rasteriser = new URL(`./rasteriser${extname(new URL(import.meta.url).pathname)}`, import.meta.url);

async function answerOf(worker: Worker): Promise<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Failure('error', 'the thread that draws pictures ended without one')));
      timer = setTimeout(() => reject(new Failure('timeout', `a picture was not drawn within ${DEADLINE_MS / 1000} s`)), DEADLINE_MS);
    });
  } finally {
    clearTimeout(timer);
  }
}

async function inThread(task: Task): Promise<Uint8Array> {
  const worker = new Worker(rasteriser, { workerData: task, env: {}, resourceLimits: { maxOldGenerationSizeMb: 64 } });
  try {
    return await answerOf(worker);
  } finally {
    await worker.terminate();
  }
}

let last: Promise<void> = Promise.resolve();

/**
 * The drawing as PNG, up to `most` (1080) pixels wide and 2400 high, at most 1 MB. Drawn in a thread; one at a time, so that many pictures need no
 * more memory than one. Throws a RangeError for a drawing that is too large to be one of this room, a Failure when the thread fails.
 */
export async function toPng({ svg, width, height }: Drawing, most: number = MOST.width): Promise<Uint8Array> {
  if (svg.length > LONGEST_SVG) throw new RangeError('the drawing is too large');
  const widest = Math.min(most, Math.floor((MOST.height * width) / height));
  const widths = [...new Set(WIDTHS.map((each) => Math.min(each, widest)))];
  const mine = last.then(() => inThread({ svg, widths, mostBytes: MOST.bytes }));
  last = mine.then(
    () => undefined,
    () => undefined,
  );
  return mine;
}
