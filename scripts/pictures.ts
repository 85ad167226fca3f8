import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawLatency } from '../src/pictures/latency.ts';
import { toPng } from '../src/pictures/png.ts';
import { drawWays } from '../src/pictures/ways.ts';
import { latencies } from './pictures/latencies.ts';
import { ways } from './pictures/ways.ts';

/** Draws the pictures of some faults, to look at them: node scripts/pictures.ts OUT_DIR */
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/pictures.ts OUT_DIR');
  process.exit(64);
}
mkdirSync(folder, { recursive: true });
const drawings = [
  ...Object.entries(ways).map(([story, picture]) => ({ name: `way-${story}`, drawing: drawWays(picture) })),
  ...Object.entries(latencies).map(([story, picture]) => ({ name: `latency-${story}`, drawing: drawLatency(picture) })),
];
for (const { name, drawing } of drawings) {
  const png = await toPng(drawing);
  writeFileSync(join(folder, `${name}-360.png`), await toPng(drawing, 360));
  writeFileSync(join(folder, `${name}.png`), png);
  console.log(`${name}.png: ${drawing.width} x ${drawing.height}, ${png.length} bytes\n  ${drawing.altText}`);
}
