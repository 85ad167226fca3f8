import { describe, expect, test } from '@jest/globals';
import { latencies } from '../../scripts/pictures/latencies.ts';
import { ways } from '../../scripts/pictures/ways.ts';
import { drawLatency } from '../../src/pictures/latency.ts';
import { band, card, ink, paint, shape } from '../../src/pictures/palette.ts';
import { drawWays } from '../../src/pictures/ways.ts';
import { elementsOf } from './svg.ts';

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe('the colours', () => {
  test('are measured as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  test.each(Object.entries(ink))('of text can be read on the card: %s', (_name, colour) => {
    expect(contrast(colour, card)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(Object.entries(paint))('of tags can be read under white: %s', (_name, colour) => {
    expect(contrast(card, colour)).toBeGreaterThanOrEqual(4.5);
  });

  test('of lines and marks stand out from what they are on', () => {
    for (const colour of [shape.line, shape.unseen]) expect(contrast(colour, card)).toBeGreaterThanOrEqual(3);
    expect(contrast(ink.bad, band)).toBeGreaterThanOrEqual(3);
  });

  test('of all texts of the pictures are these, on an opaque card', () => {
    const drawings = [...Object.values(ways).map(drawWays), ...Object.values(latencies).map(drawLatency)];
    const readable = new Set<string>([...Object.values(ink), card]);
    for (const { svg, width, height } of drawings) {
      const elements = elementsOf(svg);
      const ground = elements.find(({ name }) => name === 'rect')?.attributes;
      expect([ground?.['fill'], ground?.['width'], ground?.['height']]).toEqual([card, String(width - 1), String(height - 1)]);
      const texts = elements.filter(({ name }) => name === 'text').map(({ attributes }) => attributes['fill'] ?? '');
      expect(texts.filter((fill) => !readable.has(fill))).toEqual([]);
    }
  });
});
