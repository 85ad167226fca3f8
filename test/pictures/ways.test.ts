import { describe, expect, test } from '@jest/globals';
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { ways } from '../../scripts/pictures/ways.ts';
import { counts, type WayPicture, type WaysPicture } from '../../src/pictures/way.ts';
import { drawWays, drawnWays, MOST_WAYS } from '../../src/pictures/ways.ts';
import { waysPicture } from './arbitrary.ts';
import { discBoxes, elementsOf, outside, overlaps, textBoxes } from './svg.ts';

const sample = (name: string): WaysPicture => {
  const found = ways[name];
  if (found === undefined) throw new Error(`no sample ${name}`);
  return found;
};
const textsOf = (picture: WaysPicture): string[] => textBoxes(drawWays(picture)).map(({ what }) => what);
const first = ({ ways: [way] }: WaysPicture): WayPicture => {
  if (way === undefined) throw new Error('no way');
  return way;
};

describe('the picture of ways', () => {
  test.each(Object.entries(ways))('has texts that can be read on a phone, inside the card and not on one another: %s', (_name, picture) => {
    const drawing = drawWays(picture);
    const boxes = textBoxes(drawing);
    const sizes = elementsOf(drawing.svg).flatMap(({ name, attributes }) => (name === 'text' ? [Number(attributes['font-size'])] : []));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
    expect(overlaps([...boxes, ...discBoxes(drawing)])).toEqual([]);
    expect(outside(boxes, drawing)).toEqual([]);
    expect(drawing.width).toBe(360);
    expect(drawing.height).toBeLessThan(800);
  });

  test('of anything is well-formed and bounded, and its texts keep apart', () => {
    fc.assert(
      fc.property(waysPicture, (picture) => {
        const drawing = drawWays(picture);
        const boxes = textBoxes(drawing);
        expect(overlaps([...boxes, ...discBoxes(drawing)])).toEqual([]);
        expect(outside(boxes, drawing)).toEqual([]);
        expect(drawing.height).toBeLessThan(1000);
        expect(drawing.svg.length).toBeLessThan(100_000);
        expect(drawing.altText.length).toBeLessThanOrEqual(2000);
        expect(new Resvg(drawing.svg, { font: { loadSystemFonts: false } }).width).toBe(360);
      }),
      { numRuns: 200 },
    );
  });

  test('says with a word and a mark where it stopped, and how many came', () => {
    expect(textsOf(sample('lost-between-nodes'))).toContain('0 of 20 · lost here');
    expect(textsOf(sample('half-lost'))).toContain('9 of 20 · 11 lost here');
    expect(textsOf(sample('dropped-in-pod'))).toContain('dropped here');
    for (const name of ['lost-between-nodes', 'half-lost', 'dropped-in-pod', 'refused', 'upstream-silent'])
      expect(discBoxes(drawWays(sample(name)))).toHaveLength(1);
    expect(discBoxes(drawWays(sample('healthy')))).toEqual([]);
  });

  test('marks the middle between the two hops that it was lost between', () => {
    const [disc] = discBoxes(drawWays(sample('lost-between-nodes')));
    const slot = (360 - 2 * 14) / 5;
    expect(((disc?.left ?? 0) + (disc?.right ?? 0)) / 2).toBeCloseTo(14 + slot * 2, 1);
  });

  test('draws an arrow for what arrived, and none for what did not', () => {
    const arrows = ({ svg }: { svg: string }): number => svg.match(/<path d="M[\d. ]+l/g)?.length ?? 0;
    const legend = 2;
    expect(arrows(drawWays({ ...sample('healthy'), ways: [first(sample('healthy'))] }))).toBe(8 + legend);
    expect(arrows(drawWays(sample('lost-between-nodes')))).toBe(1 + legend);
    expect(arrows(drawWays(sample('half-lost')))).toBe(8 + legend);
  });

  test('tells what works in a line where something else does not', () => {
    const texts = textsOf(sample('one-bad-of-two'));
    expect(texts.filter((text) => text === 'CoreDNS')).toHaveLength(2);
    expect(texts).toContain('cart → coredns 9b2ls');
  });

  test('names the six that matter most of many, and counts the others', () => {
    const many = sample('many-ways');
    expect(
      drawnWays(many.ways)
        .map(({ title }) => title.slice(-1))
        .join(''),
    ).toBe('012347');
    expect(textsOf(many)).toContain('and 2 more, which work');
    const bad = first(sample('lost-between-nodes'));
    const allBad = { ...many, ways: Array.from({ length: 10 }, () => bad) };
    expect(textsOf(allBad)).toContain(`and ${10 - MOST_WAYS} more, of which 4 do not work`);
    expect(discBoxes(drawWays(allBad))).toHaveLength(2);
  });

  test('without a way says so', () => {
    expect(textsOf({ title: 'Nothing', verdict: '', ways: [] })).toContain('no way was seen');
  });

  test('does not name a stop that it does not draw', () => {
    const way = first(sample('lost-between-nodes'));
    const drawing = drawWays({ title: '', verdict: '', ways: [{ ...way, stoppedAt: { at: 'leg', index: 99, word: 'lost here' } }] });
    expect(discBoxes(drawing)).toEqual([]);
    expect(drawing.altText).not.toContain('lost here');
  });

  test('is the same each time', () => {
    for (const picture of Object.values(ways)) expect(drawWays(structuredClone(picture))).toEqual(drawWays(picture));
  });
});

describe('the alternative text', () => {
  test('says what the picture shows', () => {
    expect(drawWays(sample('lost-between-nodes')).altText).toBe(
      'Queries are lost between two nodes. All 20 left the node of the client, none came to the node of CoreDNS. ' +
        'cart → coredns k7wzp: lost. lost here: between ip-10-0-1-12 and VPC, 0 of 20 queries arrived.',
    );
    expect(drawWays(sample('dropped-in-pod')).altText).toContain('dropped here: at coredns-6f6b679f8f-k7wzp.');
  });

  test('is cut where it is too long for Slack', () => {
    const way = { ...first(sample('lost-between-nodes')), title: 't'.repeat(500), verdict: 'v'.repeat(500) };
    const { altText } = drawWays({ title: 'x'.repeat(5000), verdict: 'y'.repeat(5000), ways: [way, way, way, way, way, way] });
    expect(altText).toHaveLength(2000);
    expect(altText.endsWith('…')).toBe(true);
  });
});

describe('counts', () => {
  const narrow = (length: number) => (text: string) => text.length <= length;

  test('take the longest form that fits', () => {
    expect([8, 7, 4].map((length) => counts({ sent: 20, arrived: 19 }, narrow(length)))).toEqual(['19 of 20', '19/20', '95 %']);
    expect(counts({ sent: 20, arrived: null })).toBe('20 sent');
    expect(counts({ sent: null, arrived: 20 })).toBe('20 came');
    expect(counts({ sent: null, arrived: null })).toBe('');
  });

  test('never round a loss away, nor the last that came', () => {
    const share = (arrived: number, sent: number): string => counts({ sent, arrived }, narrow(4));
    expect([share(99_999, 100_000), share(1, 100_000), share(100_000, 100_000), share(0, 100_000)]).toEqual(['99 %', '1 %', 'all', 'none']);
  });

  test('of what is no count are nothing', () => {
    expect([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY].map((sent) => counts({ sent, arrived: null }))).toEqual(['', '', '', '']);
  });
});
