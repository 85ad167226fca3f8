import { MARGIN, WIDTH } from './drawing.ts';
import { card, ink, rim, shape } from './palette.ts';
import { arrowHead, disc, fitted, line, mark, type Mark, n, tag, tagWidth, text } from './shapes.ts';
import { type Face, widthOf } from './text.ts';
import { hopLabels } from './way-labels.ts';
import { counts, drawnHops, drawnLegs, type Hop, type Leg, type Outcome, type WayPicture } from './way.ts';

/** A part of a drawing, and how much of its height it takes. */
export interface Block {
  parts: string[];
  height: number;
}

export const marks: Readonly<Record<Outcome, { mark: Mark; fill: string }>> = {
  ok: { mark: 'tick', fill: ink.good },
  lost: { mark: 'cross', fill: ink.bad },
  unanswered: { mark: 'cross', fill: ink.bad },
  refused: { mark: 'cross', fill: ink.bad },
  slow: { mark: 'alert', fill: ink.warn },
  unknown: { mark: 'question', fill: ink.soft },
};

const COUNT: Face = { size: 11, bold: true };
/** Half the width of a hop. */
const HALF = 7;
/** From the line of requests down to that of replies: between them stand two lines of numbers. */
const LANES = 34;
/** From the first and last line to the end of a hop. */
const OVER = 10;
const TAG_LANE = 23;

interface Track {
  way: WayPicture;
  /** The middle of a hop. */
  x: (hop: number) => number;
  requestY: number;
  replyY: number;
}

type Place = { leg: Leg } | { hop: number };

/** What works has not stopped: where it is said to have, nobody knows why. */
const markOf = ({ outcome }: WayPicture): { mark: Mark; fill: string } => marks[outcome === 'ok' ? 'unknown' : outcome];

const yOf = (track: Track, { direction }: Leg): number => (direction === 'request' ? track.requestY : track.replyY);

/** The leg or hop that the way stopped at, if it is one that is drawn. */
function stopOf({ stoppedAt, ...way }: WayPicture): Place | null {
  if (stoppedAt === null) return null;
  if (stoppedAt.at === 'hop') return drawnHops({ stoppedAt, ...way })[stoppedAt.index] === undefined ? null : { hop: stoppedAt.index };
  const found = drawnLegs({ stoppedAt, ...way }).find(({ index }) => index === stoppedAt.index);
  return found === undefined ? null : { leg: found.leg };
}

const strokes: Readonly<Record<Leg['state'], { stroke: string; width?: number; dash?: string }>> = {
  ok: { stroke: shape.line, width: 1.8 },
  partly: { stroke: ink.bad, width: 1.8, dash: '5 2.5' },
  lost: { stroke: ink.bad, width: 1.8, dash: '5 2.5' },
  refused: { stroke: ink.bad, width: 1.8 },
  'not-reached': { stroke: shape.faint, width: 1.8 },
  'not-seen': { stroke: shape.unseen, width: 1.2, dash: '1.5 2.5' },
};

/** A leg: what is lost or refused ends in the middle; what was not reached has no arrow. */
function legLine(track: Track, leg: Leg): string[] {
  const way = leg.to > leg.from ? 1 : -1;
  const from = track.x(leg.from) + (HALF + 1) * way;
  const to = track.x(leg.to) - (HALF + 2) * way;
  const y = yOf(track, leg);
  const style = strokes[leg.state];
  if (leg.state === 'lost' || leg.state === 'refused') {
    const middle = (from + to) / 2;
    const after = line(middle, y, to, y, strokes['not-reached']);
    return [after, line(from, y, middle, y, style), mark(middle, y, 'cross', ink.bad)];
  }
  if (leg.state === 'not-reached') return [line(from, y, to, y, style)];
  return [line(from, y, to - 4 * way, y, style), arrowHead(to, y, way, style.stroke)];
}

function legCount(track: Track, leg: Leg): string {
  const room = Math.abs(track.x(leg.to) - track.x(leg.from)) - 2 * HALF - 4;
  const said = leg.state === 'not-reached' ? '' : leg.state === 'not-seen' ? '?' : counts(leg, (words) => widthOf(words, COUNT) <= room);
  const fill = leg.state === 'ok' ? ink.text : leg.state === 'not-seen' ? ink.soft : ink.bad;
  const y = leg.direction === 'request' ? track.requestY + 14 : track.replyY - 6;
  return text((track.x(leg.from) + track.x(leg.to)) / 2, y, said, { ...COUNT, fill, anchor: 'middle' });
}

/** A hop that nothing came to is only outlined faintly; one that the way stopped at has the colour of its mark. */
function hopShape(track: Track, hop: Hop, index: number, stroke: string): string {
  const dash = hop.kind === 'network' ? ' stroke-dasharray="3 2"' : '';
  const size = `width="${2 * HALF}" height="${LANES + 2 * OVER}" rx="5"`;
  return `<rect x="${n(track.x(index) - HALF)}" y="${n(track.requestY - OVER)}" ${size} fill="${card}" stroke="${stroke}" stroke-width="1.5"${dash}/>`;
}

const came: readonly Leg['state'][] = ['ok', 'partly', 'not-seen'];

function hopShapes(track: Track, legs: readonly Leg[], stop: Place | null): string[] {
  const isReached = (hop: number): boolean =>
    legs.some(({ from, to, state }) => (from === hop || (to === hop && came.includes(state)) ? state !== 'not-reached' : false));
  return drawnHops(track.way).map((hop, index) => {
    const stopped = stop !== null && 'hop' in stop && stop.hop === index;
    return hopShape(track, hop, index, stopped ? markOf(track.way).fill : isReached(index) ? ink.soft : rim);
  });
}

/** The mark where the way stopped, and its tag with a stem: above requests and hops, below replies. */
function stopMark(track: Track, stop: Place, word: string, tagY: number): string[] {
  const { mark: which, fill } = markOf(track.way);
  const x = 'hop' in stop ? track.x(stop.hop) : (track.x(stop.leg.from) + track.x(stop.leg.to)) / 2;
  const y = 'hop' in stop ? (track.requestY + track.replyY) / 2 : yOf(track, stop.leg);
  const counted = 'leg' in stop ? counts(stop.leg) : '';
  const words = fitted(counted === '' ? word : `${counted} · ${word}`, WIDTH - 2 * MARGIN - 26, COUNT);
  const width = tagWidth(words);
  const left = Math.min(Math.max(MARGIN, x - width / 2), WIDTH - MARGIN - width);
  return [line(x, tagY + 9, x, y, { stroke: fill, width: 2 }), disc(x, y, which, fill), tag(left, tagY, words, which, fill)];
}

/** A way as a track: hops from left to right, requests above, replies below, and the mark where it stopped. */
export function drawTrack(way: WayPicture, top: number): Block {
  const hops = drawnHops(way);
  if (hops.length === 0) return { parts: [], height: 0 };
  const stop = stopOf(way);
  const below = stop !== null && 'leg' in stop && stop.leg.direction === 'reply';
  const slot = (WIDTH - 2 * MARGIN) / hops.length;
  const requestY = top + (stop !== null && !below ? TAG_LANE : 0) + OVER;
  const replyY = requestY + LANES;
  const drawn: Track = { way, x: (hop) => MARGIN + slot * (hop + 0.5), requestY, replyY };
  const legs = drawnLegs(way).map(({ leg }) => leg);
  const end = replyY + OVER;
  const labels = hopLabels(hops, end + (below ? TAG_LANE : 0) + 1);
  const parts = [
    ...legs.flatMap((leg) => legLine(drawn, leg)),
    ...hopShapes(drawn, legs, stop),
    ...legs.filter((leg) => stop === null || !('leg' in stop) || leg !== stop.leg).map((leg) => legCount(drawn, leg)),
    ...labels.parts,
    ...(stop === null ? [] : stopMark(drawn, stop, way.stoppedAt?.word ?? '', below ? end + 4 : top)),
  ];
  return { parts, height: end + (below ? TAG_LANE : 0) + 1 + labels.height - top };
}
