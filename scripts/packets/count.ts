import { Tally } from './tally.ts';
import { tallyOfOurs } from './tally-ours.ts';

/** Prints what the reader of this repository counts in a capture, as a process of its own: node scripts/packets/count.ts FILE */
process.stdout.write(`${JSON.stringify(await tallyOfOurs(process.argv[2] ?? '', new Tally()))}\n`);
