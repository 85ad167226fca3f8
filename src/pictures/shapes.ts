import { card } from './palette.ts';
import { clean, cutEnd, cutMiddle, escapeXml, type Face, widthOf } from './text.ts';

/** A number as SVG has it: a hundredth of a unit is not seen. */
export const n = (value: number): string => String(Math.round(value * 100) / 100);

export interface TextStyle extends Face {
  fill: string;
  anchor?: 'start' | 'middle' | 'end';
}

/** A clean text on its baseline. Nothing where there is no text. */
export function text(x: number, y: number, content: string, { size, bold = false, fill, anchor = 'start' }: TextStyle): string {
  if (content === '') return '';
  const weight = bold ? ' font-weight="700"' : '';
  const where = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${n(x)}" y="${n(y)}" font-size="${size}"${weight}${where} fill="${fill}">${escapeXml(content)}</text>`;
}

/** A text of someone else, cleaned and cut so that it fits in its middle (names) or at its end (sentences). */
export function fitted(content: string, width: number, face: Face, cut: 'middle' | 'end' = 'middle'): string {
  return (cut === 'middle' ? cutMiddle : cutEnd)(clean(content), width, face);
}

export interface LineStyle {
  stroke: string;
  width?: number;
  dash?: string;
}

export const line = (x1: number, y1: number, x2: number, y2: number, { stroke, width = 1, dash }: LineStyle): string =>
  `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${stroke}" stroke-width="${width}"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}/>`;

/** The head of an arrow whose tip is at x, pointing right (1) or left (-1). */
export const arrowHead = (x: number, y: number, way: 1 | -1, fill: string): string =>
  `<path d="M${n(x)} ${n(y)}l${-6 * way} -4v8z" fill="${fill}"/>`;

export type Mark = 'tick' | 'cross' | 'alert' | 'question';

const strokes: Readonly<Record<Mark, string>> = {
  tick: 'M-4 0.5L-1.2 3.3L4 -3',
  cross: 'M-3.3 -3.3L3.3 3.3M3.3 -3.3L-3.3 3.3',
  alert: 'M0 -4.2V0.8M0 3.6V4.2',
  question: 'M-2.5 -2A2.6 2.4 0 1 1 0 0.6V1.2M0 3.8V4.2',
};

/** A mark within 10 units around a point; its form tells it, not its colour. */
export const mark = (x: number, y: number, which: Mark, stroke: string): string =>
  `<path transform="translate(${n(x)} ${n(y)})" d="${strokes[which]}" fill="none" stroke="${stroke}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>`;

/** A mark in a disc, with a rim that keeps it apart from lines under it. */
export const disc = (x: number, y: number, which: Mark, fill: string): string =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="8" fill="${fill}" stroke="${card}" stroke-width="2"/>${mark(x, y, which, card)}`;

const TAG: Face = { size: 11, bold: true };

/** How wide a tag of so many words is. */
export const tagWidth = (words: string): number => widthOf(words, TAG) + 26;

/** A mark and a word on a ground of their own; `x` and `y` are its left upper corner, it is 18 high. */
export const tag = (x: number, y: number, words: string, which: Mark, fill: string): string =>
  [
    `<rect x="${n(x)}" y="${n(y)}" width="${n(tagWidth(words))}" height="18" rx="4" fill="${fill}"/>`,
    mark(x + 10, y + 9, which, card),
    text(x + 19, y + 13, words, { ...TAG, fill: card }),
  ].join('');
