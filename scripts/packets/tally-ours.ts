import { createReadStream } from 'node:fs';
import { readCapture } from '../../src/packets/read/read-capture.ts';
import { Tally } from './tally.ts';

/** Counts the messages of a capture with the reader of this repository. */
export async function tallyOfOurs(file: string): Promise<Record<string, number>> {
  const tally = new Tally();
  await readCapture(createReadStream(file, { highWaterMark: 1 << 20 }), (seen) => {
    if (seen.kind !== 'message') return;
    const { number, isAnswer, rcode, id, source, sourcePort, destination, destinationPort, name, type } = seen;
    const question = { name: name ?? '', type: type ?? '' };
    tally.add({ frame: number, isAnswer, rcode, id, source, sourcePort, destination, destinationPort, ...question });
  });
  return tally.result();
}
