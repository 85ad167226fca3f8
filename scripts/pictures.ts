import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toPng } from '../src/pictures/png.ts';
import { drawWays } from '../src/pictures/ways.ts';
import { ways } from './pictures/ways.ts';

/** Draws the pictures of some faults, to look at them: node scripts/pictures.ts OUT_DIR */
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/pictures.ts OUT_DIR');
  process.exit(64);
}
mkdirSync(folder, { recursive: true });
for (const [name, drawing] of Object.entries(ways).map(([name, picture]) => [`way-${name}`, drawWays(picture)] as const)) {
  const png = await toPng(drawing);
  writeFileSync(join(folder, `${name}-360.png`), await toPng(drawing, 360));
  writeFileSync(join(folder, `${name}.png`), png);
  console.log(`${name}.png: ${drawing.width} x ${drawing.height}, ${png.length} bytes\n  ${drawing.altText}`);
}
