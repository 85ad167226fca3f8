import { type Drawing, MARGIN, onCard, WIDTH } from './drawing.ts';
import { headline } from './headline.ts';
import { duration, spread } from './latency-axes.ts';
import { axes, LEFT, lossBand, type Plot, plotOf, RIGHT } from './latency-plot.ts';
import { type Answered, type Exchange, isTime, sorted, thinned } from './latency-points.ts';
import { altTextOfLatency, caption } from './latency-words.ts';
import { ink } from './palette.ts';
import { line, n, text } from './shapes.ts';
import { type Face, wrap } from './text.ts';

export type { Exchange } from './latency-points.ts';

/** Latency over the time of a capture. */
export interface LatencyPicture {
  title: string;
  /** A sentence; may be empty. */
  verdict: string;
  /** How long the capture lasted; 0 where that is not known: as long as its queries then. */
  lengthMs: number;
  /** In any order. */
  exchanges: readonly Exchange[];
  /** Of the answered queries; null where there is no line to draw. */
  p50Ms: number | null;
  p95Ms: number | null;
}

const SMALL: Face = { size: 11 };
const LABEL: Face = { size: 11, bold: true };
/** From one label beside the plot to the next. */
const LABEL_GAP = 13;

/** A line across the plot. */
interface Level {
  kind: 'share' | 'retry';
  ms: number;
  label: string;
}

/** When a client asks again: musl after 2.5 s (half of its 5 s for two attempts), glibc after 5 s (resolv.conf(5), `timeout`). */
const retries: readonly Level[] = [
  { kind: 'retry', ms: 2500, label: '2.5 s musl' },
  { kind: 'retry', ms: 5000, label: '5 s glibc' },
];

/** Where no answer takes so long, nobody asks again, and the lines for that would only distract. */
const SLOW_MS = 1000;

const looks = { share: { dash: '6 3', fill: ink.good }, retry: { dash: '2 2', fill: ink.warn } } as const;

function share(name: string, ms: number | null): Level[] {
  return ms !== null && isTime(ms) ? [{ kind: 'share', ms, label: `${name} ${duration(ms)}` }] : [];
}

function levelLines(plot: Plot, levels: readonly Level[]): string[] {
  const wanted = levels.map(({ ms }) => plot.y(ms));
  const places = spread(wanted, LABEL_GAP, plot.top + 4, plot.bottom - 4);
  return levels.flatMap(({ ms, label, kind }, index) => {
    const { dash, fill } = looks[kind];
    const [at, place] = [plot.y(ms), places[index] ?? plot.y(ms)];
    return [
      line(LEFT, at, RIGHT, at, { stroke: fill, width: 1.3, dash }),
      line(RIGHT, at, RIGHT + 5, place, { stroke: fill }),
      text(RIGHT + 7, place + 4, label, { ...LABEL, fill }),
    ];
  });
}

const dot = (plot: Plot, { atMs, latencyMs }: Answered): string =>
  `<circle cx="${n(plot.x(atMs))}" cy="${n(plot.y(latencyMs))}" r="2" fill="${ink.blue}" fill-opacity="0.6"/>`;

const noPacket = ({ top, bottom }: Plot): string =>
  text((LEFT + RIGHT) / 2, (top + bottom) / 2, 'no packet', { size: 16, bold: true, fill: ink.soft, anchor: 'middle' });

/**
 * Latency (on a logarithmic scale) over the time of the capture: a dot for each answered query, a cross for each without an answer. Of more than
 * 2,000 answers a part is drawn, and the caption says so; every moment with a loss keeps its cross. Without any query it says "no packet".
 */
export function drawLatency(picture: LatencyPicture): Drawing {
  const seen = sorted(picture.exchanges);
  const total = seen.answered.length + seen.lost.length;
  const head = headline(picture.title, picture.verdict);
  const plot = plotOf(seen, picture.lengthMs, head.height);
  const dots = thinned(seen.answered, plot.lengthMs);
  const shares = [...share('p50', picture.p50Ms), ...share('p95', picture.p95Ms)].slice(0, seen.answered.length * 2);
  const slow = seen.answered.some(({ latencyMs }) => latencyMs >= SLOW_MS);
  const inRange = retries.filter(({ ms }) => slow && ms < 10 ** plot.high);
  const said = caption({ answered: seen.answered.length, lost: seen.lost.length, dots: dots.length, retries: inRange.length > 0 });
  const lines = wrap(said, WIDTH - 2 * MARGIN, 3, SMALL);
  const below = plot.bottom + 34;
  const parts = [
    ...head.parts,
    ...axes(plot),
    ...lossBand(plot, seen.lost, total),
    ...dots.map((point) => dot(plot, point)),
    ...levelLines(plot, [...shares, ...inRange]),
    ...(total === 0 ? [noPacket(plot)] : []),
    ...lines.map((words, row) => text(MARGIN, below + row * 14, words, { ...SMALL, fill: ink.soft })),
  ];
  const labels = shares.map(({ label }) => label);
  return onCard(parts, below + lines.length * 14, altTextOfLatency(picture.title, picture.verdict, said, labels));
}
