import { createReadStream } from 'node:fs';
import { readCapture } from '../../src/packets/read/read-capture.ts';
import type { Tally } from './tally.ts';

/** Counts the messages of a capture with the reader of this repository. */
export async function tallyOfOurs(file: string, tally: Tally): Promise<Record<string, number>> {
  await readCapture(createReadStream(file, { highWaterMark: 1 << 18 }), (seen) => {
    if (seen.kind === 'message') tally.add(seen);
  });
  return tally.result();
}
