import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { glyphWidths } from '../../src/pictures/glyph-widths.ts';
import { clean, cutEnd, cutMiddle, escapeXml, widthOf, wrap } from '../../src/pictures/text.ts';
import { hostile } from './arbitrary.ts';
import { advanceWidths } from './ttf.ts';

const packages = createRequire(import.meta.url);
const fontFile = (weight: string): string =>
  packages.resolve(`@expo-google-fonts/ibm-plex-sans-condensed/${weight}/IBMPlexSansCondensed_${weight}.ttf`);
const files = { regular: fontFile('400Regular'), bold: fontFile('700Bold') };
const face = { size: 11 };

describe('the widths of glyphs', () => {
  test.each(['regular', 'bold'] as const)('are those of the %s font, and it has each of them', (weight) => {
    const inFont = advanceWidths(files[weight]);
    const differing = [...glyphWidths[weight]].filter(([character, width]) => inFont(character) !== width);
    expect(glyphWidths[weight].size).toBeGreaterThan(190);
    expect(differing).toEqual([]);
  });

  test.each([false, true])('are what the rasteriser draws (bold: %s): no text is wider than it was measured', (bold) => {
    const texts = [
      'AVATAR To Ty. WAW',
      'fi ffi ff fl',
      'ip-10-0-1-12.ec2.internal',
      'coredns-6f6b679f8f-k7wzp',
      '“9 of 20” · 100 % → lost…',
    ];
    for (const text of texts) {
      const weight = bold ? ' font-weight="700"' : '';
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="200" font-family="IBM Plex Sans Condensed" font-kerning="none"><text x="0" y="100" font-size="100"${weight}>${escapeXml(text)}</text></svg>`;
      const drawn = new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: Object.values(files) } }).getBBox()?.width ?? 0;
      const measured = widthOf(text, { size: 100, bold });
      expect(drawn).toBeLessThanOrEqual(measured);
      expect(drawn).toBeGreaterThan(measured * 0.9);
    }
  });
});

describe('a text of a cluster', () => {
  test('loses what hides or turns it, and keeps what can be read', () => {
    expect(clean('a\u0000b\u202e\u2066c\u200bd\u00ade\u2028f\tg')).toBe('a b c d e f g');
    expect(clean('  ip-10-0-1-12   (café)  ')).toBe('ip-10-0-1-12 (café)');
    expect(clean('日本😀')).toBe('???');
  });

  test('is never markup', () => {
    expect(escapeXml(`<a b="c" d='e'>&`)).toBe('&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;');
  });

  test('is of drawn characters only, whatever it was, and so are its cut forms', () => {
    fc.assert(
      fc.property(hostile, fc.double({ min: 1, max: 400, noNaN: true }), (text, width) => {
        const plain = clean(text);
        for (const made of [plain, cutEnd(plain, width, face), cutMiddle(plain, width, face)])
          expect(Array.from(made).every((character) => glyphWidths.regular.has(character))).toBe(true);
      }),
    );
  });

  test('that is cut fits, and says that it was', () => {
    fc.assert(
      fc.property(hostile, fc.double({ min: 15, max: 400, noNaN: true }), (text, width) => {
        const plain = clean(text);
        for (const cut of [cutEnd, cutMiddle]) {
          const made = cut(plain, width, face);
          expect(widthOf(made, face)).toBeLessThanOrEqual(width);
          expect(made === plain || made.includes('…')).toBe(true);
        }
      }),
    );
  });

  test('keeps the end of a name, which tells it apart', () => {
    expect(cutMiddle('coredns-6f6b679f8f-k7wzp', 60, face)).toMatch(/^core?…[a-z0-9-]*k7wzp$/);
    expect(cutMiddle('short', 60, face)).toBe('short');
  });

  test('is wrapped into lines that fit, and nothing is left out without an ellipsis', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 4 }), (text, most) => {
        const plain = clean(text);
        const lines = wrap(plain, 120, most, face);
        expect(lines.length).toBeLessThanOrEqual(most);
        for (const line of lines) expect(widthOf(line, face)).toBeLessThanOrEqual(120);
        expect(lines.join(' ') === plain || lines.join(' ').includes('…')).toBe(true);
      }),
    );
  });
});
