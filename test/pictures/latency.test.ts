import { describe, expect, test } from '@jest/globals';
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { latencies } from '../../scripts/pictures/latencies.ts';
import { drawLatency, type Exchange, type LatencyPicture } from '../../src/pictures/latency.ts';
import { decades, duration, spread, timeTicks } from '../../src/pictures/latency-axes.ts';
import { MOST_DOTS, thinned } from '../../src/pictures/latency-points.ts';
import { widthOf } from '../../src/pictures/text.ts';
import { latencyPicture } from './arbitrary.ts';
import { elementsOf, outside, overlaps, textBoxes } from './svg.ts';

const draw = (exchanges: Exchange[], rest: Partial<LatencyPicture> = {}) =>
  drawLatency({ title: 'Latency', verdict: '', lengthMs: 60_000, exchanges, p50Ms: null, p95Ms: null, ...rest });
const textsOf = (drawing: { svg: string }): string[] =>
  elementsOf(drawing.svg).flatMap(({ name, text }) => (name === 'text' ? [text] : []));
const dotsOf = (drawing: { svg: string }) => elementsOf(drawing.svg).filter(({ name }) => name === 'circle');
const crossesOf = ({ svg }: { svg: string }): number => svg.match(/<path transform/g)?.length ?? 0;

describe('the plot of latency', () => {
  test.each(Object.entries(latencies))(
    'has texts that can be read on a phone, inside the card and not on one another: %s',
    (_name, picture) => {
      const drawing = drawLatency(picture);
      const boxes = textBoxes(drawing);
      const sizes = elementsOf(drawing.svg).flatMap(({ name, attributes }) => (name === 'text' ? [Number(attributes['font-size'])] : []));
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
      expect(overlaps(boxes)).toEqual([]);
      expect(outside(boxes, drawing)).toEqual([]);
      expect(drawing.height).toBeLessThan(400);
    },
  );

  test('of anything is well-formed and bounded, and its texts keep apart', () => {
    fc.assert(
      fc.property(latencyPicture, (picture) => {
        const drawing = drawLatency(picture);
        const boxes = textBoxes(drawing);
        expect(overlaps(boxes)).toEqual([]);
        expect(outside(boxes, drawing)).toEqual([]);
        expect(drawing.altText.length).toBeLessThanOrEqual(2000);
        expect(new Resvg(drawing.svg, { font: { loadSystemFonts: false } }).width).toBe(360);
      }),
      { numRuns: 200 },
    );
  });

  test('has a dot for each answer, higher where it was slower, and a cross for each loss', () => {
    const drawing = draw([
      { atMs: 0, latencyMs: 1 },
      { atMs: 30_000, latencyMs: 100 },
      { atMs: 60_000, latencyMs: 10 },
      { atMs: 10_000, latencyMs: null },
      { atMs: 50_000, latencyMs: null },
    ]);
    const [a, b, c] = dotsOf(drawing).map(({ attributes }) => ({ x: Number(attributes['cx']), y: Number(attributes['cy']) }));
    expect(dotsOf(drawing)).toHaveLength(3);
    expect([(a?.x ?? 0) + (c?.x ?? 0), (a?.y ?? 0) + (b?.y ?? 0)]).toEqual([2 * (b?.x ?? 0), 2 * (c?.y ?? 0)]);
    expect(a?.y).toBeGreaterThan(b?.y ?? 0);
    expect(crossesOf(drawing)).toBe(2);
    expect(textsOf(drawing)).toContain('2 of 5');
  });

  test('without a packet says so', () => {
    const drawing = draw([]);
    expect(textsOf(drawing)).toContain('no packet');
    expect(drawing.altText).toBe('Latency. No packet of DNS was seen.');
  });

  test('shows when clients ask again only where an answer took so long', () => {
    const retries = (latencyMs: number): string[] => textsOf(draw([{ atMs: 0, latencyMs }])).filter((text) => /musl$|glibc$/.test(text));
    expect(retries(200)).toEqual([]);
    expect(retries(3000)).toEqual(['2.5 s musl', '5 s glibc']);
  });

  test('shows the percentiles that it is told, and says them', () => {
    const drawing = draw([{ atMs: 0, latencyMs: 2 }], { p50Ms: 2, p95Ms: 34.4 });
    expect(textsOf(drawing)).toEqual(expect.arrayContaining(['p50 2 ms', 'p95 34 ms']));
    expect(drawing.altText).toBe('Latency. 1 query; each answered. Latency: p50 2 ms, p95 34 ms.');
  });

  test('of many answers draws a part, says so, and keeps each moment with a loss, the slowest and the fastest', () => {
    const exchanges = Array.from({ length: 50_000 }, (_, index): Exchange => ({
      atMs: index,
      latencyMs: index === 31_337 ? 9_000 : 1 + (index % 7),
    }));
    exchanges[777] = { atMs: 777, latencyMs: 0.02 };
    exchanges.push({ atMs: 100, latencyMs: null }, { atMs: 49_000, latencyMs: null });
    const drawing = draw(exchanges, { lengthMs: 50_000 });
    const heights = dotsOf(drawing).map(({ attributes }) => Number(attributes['cy']));
    expect(dotsOf(drawing).length).toBeLessThanOrEqual(MOST_DOTS);
    expect(dotsOf(drawing).length).toBeGreaterThan(MOST_DOTS / 2);
    expect(heights.filter((y) => y === Math.min(...heights))).toHaveLength(1);
    expect(heights.filter((y) => y === Math.max(...heights))).toHaveLength(1);
    expect(crossesOf(drawing)).toBe(2);
    expect(drawing.altText).toMatch(
      /^Latency\. 50,002 queries; 2 without an answer; 1,\d{3} dots drawn, with the slowest and fastest of each moment/,
    );
  });

  test('of a hundred thousand losses has no more crosses than have room', () => {
    const drawing = draw(Array.from({ length: 100_000 }, (_, index) => ({ atMs: index * 0.6, latencyMs: null })));
    expect(crossesOf(drawing)).toBeLessThan(100);
    expect(crossesOf(drawing)).toBeGreaterThan(50);
    expect(drawing.svg.length).toBeLessThan(50_000);
  });
});

describe('the axes', () => {
  test('say times as people do', () => {
    expect([0.0001, 0.0042, 0.123, 0.999, 1.26, 9.96, 34.4, 999.6, 2500, 12_345, 1e11].map(duration)).toEqual([
      '<1 µs',
      '4.2 µs',
      '0.12 ms',
      '1 ms',
      '1.3 ms',
      '10 ms',
      '34 ms',
      '1 s',
      '2.5 s',
      '12 s',
      '27778 h',
    ]);
    const wide = Array.from({ length: 849 }, (_, index) => duration(1e-7 * 1.05 ** index)).filter(
      (label) => widthOf(`p95 ${label}`, { size: 11, bold: true }) > 61,
    );
    expect(wide).toEqual([]);
    expect(timeTicks(60_000).map(({ label }) => label)).toEqual(['0', '20 s', '40 s', '60 s']);
    expect(timeTicks(3_600_000).map(({ label }) => label)).toEqual(['0', '20 min', '40 min', '60 min']);
  });

  test('hold what was measured, in at least two decades', () => {
    expect(decades([3, 4])).toEqual({ low: 0, high: 2 });
    expect(decades([0.4, 5000])).toEqual({ low: -1, high: 4 });
    expect(decades([])).toEqual({ low: 0, high: 3 });
    expect(decades([0])).toEqual({ low: 0, high: 3 });
    expect(decades([1e-9, 1e99])).toEqual({ low: -2, high: 6 });
  });

  test('have labels that keep their distance and their order', () => {
    expect(spread([50, 51, 10], 13, 0, 100)).toEqual([50, 63, 10]);
    expect(spread([99, 100], 13, 0, 100)).toEqual([87, 100]);
  });

  test('a plot of few answers leaves none out', () => {
    const few = Array.from({ length: MOST_DOTS }, (_, atMs) => ({ atMs, latencyMs: 1 }));
    expect(thinned(few, MOST_DOTS)).toBe(few);
  });
});
