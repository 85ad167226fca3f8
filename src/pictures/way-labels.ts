import { MARGIN, WIDTH } from './drawing.ts';
import { ink, shape } from './palette.ts';
import { fitted, line, text } from './shapes.ts';
import { type Face, widthOf } from './text.ts';
import type { Hop } from './way.ts';

const roles: Readonly<Record<Hop['kind'], string>> = {
  client: 'client',
  'client-node': 'node',
  service: 'Service',
  network: 'network',
  'server-node': 'node',
  server: 'CoreDNS',
  upstream: 'upstream',
};

const ROLE: Face = { size: 11, bold: true };
const NAME: Face = { size: 11 };
const LINE = 13;
/** From so many hops on, every second label stands lower, and each has the room of two: a name of eight characters says nothing. */
const STAGGERED = 6;

interface Place {
  x: number;
  /** The room that a line has, and the bounds that it must stay in. */
  room: number;
  drop: number;
}

function placeOf(index: number, count: number, slot: number, height: number): Place {
  const x = MARGIN + slot * (index + 0.5);
  if (count < STAGGERED) return { x, room: slot - 3, drop: 0 };
  const atEdge = index < 1 || index > count - 2;
  // the first and the last stand against the card's margin, and reach only half as far beyond their own slot
  return { x, room: (atEdge ? 1.5 : 2) * slot - 6, drop: index % 2 === 1 ? height + 3 : 0 };
}

/** Centred under its hop, or as near to it as the card's margins allow. */
function label(words: string, y: number, { x, room }: Place, face: Face, fill: string): string {
  const said = fitted(words, room, face);
  const half = widthOf(said, face) / 2;
  const middle = Math.min(Math.max(x, MARGIN + half), WIDTH - MARGIN - half);
  return text(middle, y, said, { ...face, fill, anchor: 'middle' });
}

/** What each hop is, its name and its detail, below `top`. */
export function hopLabels(hops: readonly Hop[], top: number): { parts: string[]; height: number } {
  const slot = (WIDTH - 2 * MARGIN) / hops.length;
  const withDetails = hops.some(({ detail }) => detail !== '');
  const height = (withDetails ? 3 : 2) * LINE;
  const parts = hops.flatMap((hop, index) => {
    const place = placeOf(index, hops.length, slot, height);
    const y = top + place.drop + 11;
    const rows = [
      place.drop === 0 ? '' : line(place.x, top + 1, place.x, y - 10, { stroke: shape.faint }),
      label(roles[hop.kind], y, place, ROLE, ink.text),
      label(hop.label, y + LINE, place, NAME, ink.text),
    ];
    return withDetails ? [...rows, label(hop.detail, y + 2 * LINE, place, NAME, ink.soft)] : rows;
  });
  return { parts, height: height + (hops.length < STAGGERED ? 0 : height + 3) };
}
