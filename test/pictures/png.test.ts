import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { latencies } from '../../scripts/pictures/latencies.ts';
import { ways } from '../../scripts/pictures/ways.ts';
import type { Drawing } from '../../src/pictures/drawing.ts';
import { drawLatency } from '../../src/pictures/latency.ts';
import { toPng } from '../../src/pictures/png.ts';
import { drawWays } from '../../src/pictures/ways.ts';

const drawings: [string, Drawing][] = [
  ...Object.entries(ways).map(([name, picture]): [string, Drawing] => [`way ${name}`, drawWays(picture)]),
  ...Object.entries(latencies).map(([name, picture]): [string, Drawing] => [`latency ${name}`, drawLatency(picture)]),
];
const [, half] = drawings.find(([name]) => name === 'way half-lost') ?? [];
if (half === undefined) throw new Error('no such drawing');

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
    await expect(toPng({ ...half, svg: '<svg' })).rejects.toThrow(/SVG/);
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
    await toPng(half);
    clearInterval(timer);
    expect(longest).toBeLessThan(100);
  });

  test('leaves no memory behind', async () => {
    const rounds = async (count: number): Promise<number> => {
      await Promise.all(Array.from({ length: count }, () => toPng(half, 360)));
      return process.memoryUsage().rss;
    };
    const before = await rounds(60);
    const after = await rounds(200);
    expect((after - before) / 1e6).toBeLessThan(60);
  }, 60_000);
});
