import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { Resvg } from '@resvg/resvg-js';
import { FONT } from './drawing.ts';

/**
 * A thread of its own for one PNG (see png.ts): it takes a `Task` as its data, says one `Uint8Array`, and ends. What it holds outside of the
 * heap, eight megabytes of pixels for a picture, is given back then; the garbage collector of a process that lives on does not know of it.
 */
export interface Task {
  svg: string;
  /** Widths in pixels that are tried until the file is small enough. */
  widths: readonly number[];
  mostBytes: number;
}

const packages = createRequire(import.meta.url);

/** The font comes as a package, so that it is wherever the packages are: in a checkout, beside dist/ and in the image. */
const fontFile = (weight: '400Regular' | '700Bold'): string =>
  packages.resolve(`@expo-google-fonts/ibm-plex-sans-condensed/${weight}/IBMPlexSansCondensed_${weight}.ttf`);

function render(svg: string, width: number): Uint8Array {
  const resvg = new Resvg(svg, {
    // this font alone, whatever the machine has: a drawing gives the same picture everywhere
    font: { loadSystemFonts: false, fontFiles: [fontFile('400Regular'), fontFile('700Bold')], defaultFontFamily: FONT },
    fitTo: { mode: 'width', value: width },
    logLevel: 'off',
  });
  return resvg.render().asPng();
}

function rasterise({ svg, widths, mostBytes }: Task): Uint8Array {
  for (const width of widths) {
    const png = render(svg, width);
    if (png.length <= mostBytes) return png;
  }
  throw new RangeError('the picture is too large as a PNG');
}

parentPort?.postMessage(Uint8Array.from(rasterise(workerData as Task)));
