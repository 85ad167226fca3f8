import { createRequire } from 'node:module';
import { type RenderedImage, renderAsync } from '@resvg/resvg-js';
import { type Drawing, FONT } from './drawing.ts';

/** The largest picture in pixels, and the largest file in bytes. */
const MOST = { width: 1080, height: 2400, bytes: 1_000_000 } as const;
/** The largest SVG in characters: a full plot has about 400,000. */
const LONGEST_SVG = 1_000_000;
/** Widths in pixels that are tried, until the file is small enough: three, two and one and a half for a unit of the drawing. */
const WIDTHS = [MOST.width, 720, 540] as const;

const packages = createRequire(import.meta.url);

/** The font comes as a package, so that it is wherever the packages are: in a checkout, beside dist/ and in the image. */
const fontFile = (weight: '400Regular' | '700Bold'): string =>
  packages.resolve(`@expo-google-fonts/ibm-plex-sans-condensed/${weight}/IBMPlexSansCondensed_${weight}.ttf`);

const render = (svg: string, width: number): Promise<RenderedImage> =>
  renderAsync(svg, {
    // with this font alone, whatever the machine has: a drawing gives the same picture everywhere
    font: { loadSystemFonts: false, fontFiles: [fontFile('400Regular'), fontFile('700Bold')], defaultFontFamily: FONT },
    fitTo: { mode: 'width', value: width },
    logLevel: 'off',
  });

async function rasterise({ svg, width, height }: Drawing, most: number): Promise<Uint8Array> {
  const widest = Math.min(most, Math.floor((MOST.height * width) / height));
  for (const pixels of new Set(WIDTHS.map((each) => Math.min(each, widest)))) {
    const png = (await render(svg, pixels)).asPng();
    if (png.length <= MOST.bytes) return png;
  }
  throw new RangeError('the picture is too large as a PNG');
}

let last: Promise<unknown> = Promise.resolve();

/**
 * The drawing as PNG, up to `most` (1080) pixels wide and 2400 high, at most 1 MB. Drawn beside the event loop; one at a time, so that many pictures
 * need no more memory than one. Throws a RangeError for a drawing that is too large to be one of this room.
 */
export async function toPng(drawing: Drawing, most: number = MOST.width): Promise<Uint8Array> {
  if (drawing.svg.length > LONGEST_SVG) throw new RangeError('the drawing is too large');
  const mine = last.then(() => rasterise(drawing, most));
  last = mine.catch(() => undefined);
  return mine;
}
