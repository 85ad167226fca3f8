import { clean } from './text.ts';
import { counts, drawnHops, drawnLegs, type Outcome, type WayPicture, type WaysPicture } from './way.ts';

/** What became of a way, in a word. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  ok: 'works',
  lost: 'lost',
  unanswered: 'no answer',
  refused: 'refused',
  slow: 'slow',
  unknown: 'not known',
};

const short = (words: string): string => {
  const plain = clean(words);
  return plain.length > 80 ? `${plain.slice(0, 39)}…${plain.slice(-40)}` : plain;
};

const sentence = (words: string): string => {
  const plain = clean(words).slice(0, 300);
  return plain === '' || /[.!?…]$/.test(plain) ? plain : `${plain}.`;
};

function stopped(way: WayPicture): string {
  const { stoppedAt } = way;
  if (stoppedAt === null) return '';
  const hops = drawnHops(way);
  if (stoppedAt.at === 'hop') {
    const hop = hops[stoppedAt.index];
    return hop === undefined ? '' : `${short(stoppedAt.word)}: at ${short(hop.label)}.`;
  }
  const leg = drawnLegs(way).find(({ index }) => index === stoppedAt.index)?.leg;
  if (leg === undefined) return '';
  const [from, to] = [hops[leg.from], hops[leg.to]].map((hop) => short(hop?.label ?? ''));
  const counted = counts(leg);
  const what = leg.direction === 'request' ? 'queries' : 'replies';
  return `${short(stoppedAt.word)}: between ${from} and ${to}${counted === '' ? '' : `, ${counted} ${what} arrived`}.`;
}

function oneWay(way: WayPicture, headline: string): string {
  const said = clean(way.verdict) === clean(headline) ? '' : sentence(way.verdict);
  return [`${short(way.title)}: ${outcomeWords[way.outcome]}.`, said, stopped(way)].filter((part) => part !== '').join(' ');
}

/** What a screen reader says of the picture: the headline, and of each way its outcome and where it stopped. `drawn`: those that are shown. */
export function altTextOfWays({ title, verdict }: WaysPicture, drawn: readonly WayPicture[], rest: string): string {
  return [sentence(title), sentence(verdict), ...drawn.map((way) => oneWay(way, verdict)), sentence(rest)]
    .filter((part) => part !== '')
    .join(' ');
}
