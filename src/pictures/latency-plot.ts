import { MARGIN, WIDTH } from './drawing.ts';
import { decades, duration, timeTicks } from './latency-axes.ts';
import { apart, lengthOf, type Sorted } from './latency-points.ts';
import { lossCount } from './latency-words.ts';
import { band, ink, shape } from './palette.ts';
import { line, mark, n, text } from './shapes.ts';
import { type Face, widthOf } from './text.ts';

const SMALL: Face = { size: 11 };
/** The height of the band of losses and of the gap under it, and of the plot. */
const BAND = 20;
const GAP = 6;
const HEIGHT = 150;

/** The sides of the plot: labels stand beside it, where no dot can hide them. */
export const LEFT = MARGIN + 54;
export const RIGHT = WIDTH - MARGIN - 68;

/** Where the plot is, and the scales of its axes. */
export interface Plot {
  top: number;
  bottom: number;
  lengthMs: number;
  low: number;
  high: number;
  x: (atMs: number) => number;
  y: (latencyMs: number) => number;
}

/** The plot of these queries, with the band of losses above it from `top` on; `said`: how long the capture lasted. */
export function plotOf(seen: Sorted, said: number, top: number): Plot {
  const lengthMs = lengthOf(seen, said);
  const { low, high } = decades(seen.answered.map(({ latencyMs }) => latencyMs));
  const first = top + BAND + GAP;
  const last = first + HEIGHT;
  const share = (latencyMs: number): number => (Math.log10(Math.max(latencyMs, 1e-9)) - low) / (high - low);
  return {
    top: first,
    bottom: last,
    lengthMs,
    low,
    high,
    x: (atMs) => LEFT + (atMs / lengthMs) * (RIGHT - LEFT),
    y: (latencyMs) => last - Math.min(1, Math.max(0, share(latencyMs))) * HEIGHT,
  };
}

/** Lines at each power of ten, and the times below. */
export function axes(plot: Plot): string[] {
  const levels = Array.from({ length: plot.high - plot.low + 1 }, (_, index) => 10 ** (plot.low + index));
  const said = { ...SMALL, fill: ink.soft };
  return [
    ...levels.flatMap((level) => [
      line(LEFT, plot.y(level), RIGHT, plot.y(level), { stroke: shape.faint }),
      text(LEFT - 5, plot.y(level) + 4, duration(level), { ...said, anchor: 'end' }),
    ]),
    ...timeTicks(plot.lengthMs).flatMap(({ atMs, label }) => [
      line(plot.x(atMs), plot.bottom, plot.x(atMs), plot.bottom + 4, { stroke: shape.line }),
      text(plot.x(atMs), plot.bottom + 15, label, { ...said, anchor: 'middle' }),
    ]),
    line(LEFT, plot.bottom, RIGHT, plot.bottom, { stroke: shape.line }),
  ];
}

/** The queries without a reply, on a band of their own above the plot: they have no place on its scale. */
export function lossBand(plot: Plot, lost: readonly number[], total: number): string[] {
  const top = plot.top - BAND - GAP;
  const middle = top + BAND / 2;
  const face: Face = { size: 11, bold: lost.length > 0 };
  const fill = lost.length > 0 ? ink.bad : ink.soft;
  const threeUnits = (plot.lengthMs * 3) / (RIGHT - LEFT);
  return [
    `<rect x="${LEFT}" y="${n(top)}" width="${RIGHT - LEFT}" height="${BAND}" fill="${band}"/>`,
    text(LEFT - 5, middle + 4, 'no answer', { ...face, fill, anchor: 'end' }),
    ...apart(lost, threeUnits).map((atMs) => mark(plot.x(atMs), middle, 'cross', ink.bad)),
    text(
      RIGHT + 7,
      middle + 4,
      lossCount(lost.length, total, (words) => widthOf(words, face) <= WIDTH - MARGIN - RIGHT - 7),
      { ...face, fill },
    ),
  ];
}
