import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { DOCS_WIDTH, inDocs, samples } from '../../scripts/pictures/samples.ts';
import type { Drawing } from '../../src/pictures/drawing.ts';
import { toPng } from '../../src/pictures/png.ts';

const drawings = Object.entries(samples);
const sample = (name: string): Drawing => {
  const found = samples[name];
  if (found === undefined) throw new Error(`no sample ${name}`);
  return found;
};
const half = sample('way-half-lost');

/** Width and height of a PNG, from its header chunk. */
function sizeOf(png: Uint8Array): { width: number; height: number } {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
const hash = (png: Uint8Array): string => createHash('sha256').update(png).digest('hex');

describe('a PNG', () => {
  test.each(drawings)('is large enough to read and small enough to send: %s', async (_name, drawing) => {
    const png = await toPng(drawing);
    const { width, height } = sizeOf(png);
    expect(width).toBeGreaterThanOrEqual(900);
    expect(width).toBeLessThanOrEqual(1080);
    expect(height).toBeLessThanOrEqual(2400);
    expect(png.length).toBeLessThan(1_000_000);
  });

  test('is the same, byte for byte, each time', async () => {
    expect(hash(await toPng(half))).toBe(hash(await toPng(half)));
  });

  test('has the texts in it, drawn with the font of its own', async () => {
    const without: Drawing = { ...half, svg: half.svg.replaceAll(/<text[^>]*>[^<]*<\/text>/g, '') };
    const strange: Drawing = { ...half, svg: half.svg.replace('IBM Plex Sans Condensed', 'DejaVu Sans') };
    const [plain, none, other] = [await toPng(half, 360), await toPng(without, 360), await toPng(strange, 360)];
    expect(none.length).toBeLessThan(plain.length / 2);
    // a font of the machine is not looked for: what asks for one gets no other text than this font's
    expect([hash(plain), hash(none)]).toContain(hash(other));
  });

  test('of a drawing that is higher than any is narrower, not higher', async () => {
    const tall: Drawing = {
      ...half,
      height: 1200,
      svg: half.svg.replaceAll(`height="${half.height}"`, 'height="1200"').replace(/viewBox="[^"]*"/, 'viewBox="0 0 360 1200"'),
    };
    expect(sizeOf(await toPng(tall))).toEqual({ width: 720, height: 2400 });
  });

  test('is refused for what no picture of ours is', async () => {
    await expect(toPng({ ...half, svg: ' '.repeat(1_000_001) })).rejects.toThrow(RangeError);
    await expect(toPng({ ...half, svg: '<svg' })).rejects.toThrow('SVG');
    expect((await toPng(half, 360)).length).toBeGreaterThan(0);
  });

  test('leaves the event loop free while it is made', async () => {
    await toPng(half);
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }, 1);
    await toPng(sample('way-many-ways'));
    // what blocked until now is noticed at the next beat
    await sleep(20);
    clearInterval(timer);
    expect(longest).toBeLessThan(100);
  });

  test('leaves no memory behind: its pixels alone are eight megabytes', async () => {
    const rounds = async (count: number): Promise<number> => {
      await Promise.all(Array.from({ length: count }, () => toPng(sample('way-many-ways'))));
      return process.memoryUsage().rss;
    };
    const before = await rounds(5);
    const after = await rounds(25);
    expect((after - before) / 1e6).toBeLessThan(100);
  }, 60_000);
});

describe('the pictures in docs/', () => {
  const folder = new URL('../../docs/pictures/', import.meta.url);

  test('are those that the script draws', () => {
    expect(readdirSync(folder).toSorted()).toEqual(inDocs.map((name) => `${name}.png`).toSorted());
  });

  test.each(inDocs)('are as node scripts/pictures.ts --docs draws them, and small: %s', async (name) => {
    const kept = readFileSync(new URL(`${name}.png`, folder));
    expect(kept.length).toBeLessThan(60_000);
    expect(hash(await toPng(sample(name), DOCS_WIDTH))).toBe(hash(kept));
  });
});
