import { type Drawing, MARGIN, onCard, WIDTH } from './drawing.ts';
import { headline } from './headline.ts';
import { ink, shape } from './palette.ts';
import { arrowHead, fitted, line, tag, tagWidth, text } from './shapes.ts';
import { clean, type Face, wrap } from './text.ts';
import { type Block, drawTrack, marks } from './way-track.ts';
import { altTextOfWays, outcomeWords } from './ways-alt.ts';
import { drawnLegs, type WayPicture, type WaysPicture } from './way.ts';

export const MOST_WAYS = 6;
/** So many are drawn hop by hop, the others told in a line: a picture that is much higher than wide is shown too small to read. */
const MOST_TRACKS = 2;
const MOST_WORKING_TRACKS = 2;

const TITLE: Face = { size: 13, bold: true };
const VERDICT: Face = { size: 12 };
const SMALL: Face = { size: 11 };
const ROOM = WIDTH - 2 * MARGIN;

/** The ways that are drawn, in their order: where there are too many, those that work give way first. */
export function drawnWays(ways: readonly WayPicture[]): readonly WayPicture[] {
  if (ways.length <= MOST_WAYS) return ways;
  const indexes = (works: boolean): number[] =>
    [...ways.entries()].filter(([, way]) => (way.outcome === 'ok') === works).map(([index]) => index);
  const kept = new Set([...indexes(false), ...indexes(true)].slice(0, MOST_WAYS));
  return ways.filter((_way, index) => kept.has(index));
}

/** The indexes of those that are drawn hop by hop: what does not work; what works only where everything does. */
function tracked(drawn: readonly WayPicture[]): ReadonlySet<number> {
  const bad = [...drawn.entries()].filter(([, { outcome }]) => outcome !== 'ok').map(([index]) => index);
  return new Set(bad.length > 0 ? bad.slice(0, MOST_TRACKS) : [...drawn.keys()].slice(0, MOST_WORKING_TRACKS));
}

function wayBlock(way: WayPicture, top: number, { hops, verdict }: { hops: boolean; verdict: boolean }): Block {
  const { mark, fill } = marks[way.outcome];
  const pill = tagWidth(outcomeWords[way.outcome]);
  const title = fitted(way.title, ROOM - pill - 8, TITLE);
  const lines = verdict ? wrap(clean(way.verdict), ROOM, 2, VERDICT) : [];
  const textHeight = 28 + lines.length * 16;
  const drawn = hops ? drawTrack(way, top + textHeight + 4) : { parts: [], height: 0 };
  const parts = [
    line(MARGIN, top, WIDTH - MARGIN, top, { stroke: shape.faint }),
    text(MARGIN, top + 21, title, { ...TITLE, fill: ink.text }),
    tag(WIDTH - MARGIN - pill, top + 8, outcomeWords[way.outcome], mark, fill),
    ...lines.map((words, row) => text(MARGIN, top + 38 + row * 16, words, { ...VERDICT, fill: ink.text })),
    ...drawn.parts,
  ];
  return { parts, height: textHeight + (drawn.height === 0 ? 4 : drawn.height + 12) };
}

/** How to read it: told once, at the end. */
function legend(y: number, unseen: boolean): string[] {
  const style = { stroke: shape.line, width: 1.8 };
  const words = (x: number, said: string): string => text(x, y, said, { ...SMALL, fill: ink.soft });
  return [
    ...[line(MARGIN, y - 4, MARGIN + 14, y - 4, style), arrowHead(MARGIN + 18, y - 4, 1, shape.line), words(MARGIN + 22, 'query')],
    ...[line(70, y - 4, 84, y - 4, style), arrowHead(66, y - 4, -1, shape.line), words(88, 'reply')],
    words(124, unseen ? '9 of 20: arrived of sent · ?: not captured here' : '9 of 20: arrived of sent'),
  ];
}

const failing = (ways: readonly WayPicture[]): number => ways.filter(({ outcome }) => outcome !== 'ok').length;

function more(ways: readonly WayPicture[], drawn: readonly WayPicture[]): string {
  const left = ways.length - drawn.length;
  if (left === 0) return '';
  const bad = failing(ways) - failing(drawn);
  return `and ${left} more${bad === 0 ? ', which work' : `, of which ${bad} do not work`}`;
}

/**
 * The ways of queries hop by hop, one below the other, with where each stopped. At most 6 are drawn and the rest counted; every text is taken for
 * hostile, and cut to what fits. The same picture gives the same drawing.
 */
export function drawWays(picture: WaysPicture): Drawing {
  const drawn = drawnWays(picture.ways);
  const head = headline(picture.title, picture.verdict);
  const parts = [...head.parts];
  const withHops = tracked(drawn);
  let y = head.height;
  for (const [index, way] of drawn.entries()) {
    // the only way often has nothing to add to the headline
    const verdict = clean(way.verdict) !== clean(picture.verdict);
    const block = wayBlock(way, y, { hops: withHops.has(index), verdict });
    parts.push(...block.parts);
    y += block.height;
  }
  const rest = drawn.length === 0 ? 'no way was seen' : more(picture.ways, drawn);
  if (rest !== '') {
    parts.push(text(MARGIN, y + 12, rest, { ...VERDICT, fill: ink.text }));
    y += 20;
  }
  const unseen = drawn.some((way, index) => withHops.has(index) && drawnLegs(way).some(({ leg }) => leg.state === 'not-seen'));
  parts.push(line(MARGIN, y, WIDTH - MARGIN, y, { stroke: shape.faint }), ...legend(y + 17, unseen));
  return onCard(parts, y + 28, altTextOfWays(picture, drawn, rest));
}
