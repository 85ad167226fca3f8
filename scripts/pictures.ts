import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toPng } from '../src/pictures/png.ts';
import { DOCS_WIDTH, inDocs, samples } from './pictures/samples.ts';

/**
 * Draws the pictures of some faults: node scripts/pictures.ts OUT_DIR, to look at them, as they are sent and as a phone shows them.
 * With --docs instead of a folder: those that docs/ shows. A test keeps them equal.
 */
const [target] = process.argv.slice(2);
if (target === undefined) {
  console.error('usage: node scripts/pictures.ts OUT_DIR | --docs');
  process.exit(64);
}
const forDocs = target === '--docs';
const folder = forDocs ? fileURLToPath(new URL('../docs/pictures/', import.meta.url)) : target;
mkdirSync(folder, { recursive: true });
for (const [name, drawing] of Object.entries(samples)) {
  if (forDocs && !inDocs.includes(name)) continue;
  const png = await toPng(drawing, forDocs ? DOCS_WIDTH : undefined);
  writeFileSync(join(folder, `${name}.png`), png);
  if (!forDocs) writeFileSync(join(folder, `${name}-360.png`), await toPng(drawing, 360));
  console.log(`${name}.png: ${drawing.width} x ${drawing.height}, ${png.length} bytes\n  ${drawing.altText}`);
}
