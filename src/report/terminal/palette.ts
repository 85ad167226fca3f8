type Paint = (text: string) => string;

/** The colours of a report; where there are none, each gives its text back. */
export interface Palette {
  bold: Paint;
  dim: Paint;
  red: Paint;
  yellow: Paint;
  green: Paint;
  cyan: Paint;
}

/** How wide a report may be, in columns, and its colours. */
export interface Style {
  width: number;
  palette: Palette;
}

const same: Paint = (text) => text;

/** No colours. */
export const plain: Palette = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same };

/** No colours, in lines of so many columns. */
export const plainStyle = (width: number): Style => ({ width, palette: plain });

const sgr =
  (on: number, off: number): Paint =>
  (text) =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;

/** The eight colours that every terminal has. */
export const ansi: Palette = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  yellow: sgr(33, 39),
  green: sgr(32, 39),
  cyan: sgr(36, 39),
};
