import { card, rim } from './palette.ts';

/** A picture as SVG text, in units that are CSS pixels where it is shown 360 wide, with what a screen reader says instead of it. */
export interface Drawing {
  svg: string;
  width: number;
  height: number;
  /** At most 2,000 characters, as Slack's `alt_text`. */
  altText: string;
}

/** As wide as a phone shows it. */
export const WIDTH = 360;

/** Between the card's rim and what stands on it. */
export const MARGIN = 14;

/** The only font that a picture knows: see png.ts. */
export const FONT = 'IBM Plex Sans Condensed';

/** Slack's limit on `alt_text`. */
const LONGEST_ALT_TEXT = 2000;

/** A drawing on an opaque card. `parts` are elements of SVG. */
export function onCard(parts: readonly string[], height: number, altText: string): Drawing {
  const size = `width="${WIDTH}" height="${height}"`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT}" font-kerning="none">`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10" fill="${card}" stroke="${rim}"/>`,
    ...parts,
    '</svg>',
  ].join('\n');
  return { svg, width: WIDTH, height, altText: shortened(altText) };
}

const shortened = (text: string): string => (text.length <= LONGEST_ALT_TEXT ? text : `${text.slice(0, LONGEST_ALT_TEXT - 1).trimEnd()}…`);
