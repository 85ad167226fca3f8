import { ansi, type Palette, plain } from '../report/terminal/palette.ts';

/** What of the environment decides on colours. */
export interface ColourEnvironment {
  NO_COLOR?: string | undefined;
  FORCE_COLOR?: string | undefined;
  TERM?: string | undefined;
}

/** Whether a stream gets colours: a terminal does, unless NO_COLOR says no; FORCE_COLOR says yes for what is not one. NO_COLOR goes before it. */
export function wantsColour(stream: { isTTY?: boolean | undefined }, env: ColourEnvironment): boolean {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const forced = env.FORCE_COLOR ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** The colours for a stream. */
export const paletteFor = (stream: { isTTY?: boolean | undefined }, env: ColourEnvironment = process.env): Palette =>
  wantsColour(stream, env) ? ansi : plain;
