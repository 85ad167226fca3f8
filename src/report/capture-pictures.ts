import type { CaptureReport, HopCounts, Way, WayEnd, WayVerdict } from '../domain/capture.ts';
import type { LatencyPicture } from '../pictures/latency.ts';
import type { Hop, Leg, Outcome, Stop, WayPicture, WaysPicture } from '../pictures/way.ts';
import { verdictWords } from './capture-words.ts';
import { printable } from './printable.ts';

const outcomes: Readonly<Record<WayVerdict, Outcome>> = {
  'not-sent': 'lost',
  'rejected-no-endpoints': 'refused',
  'nothing-listening': 'refused',
  'lost-request': 'lost',
  'conntrack-race': 'lost',
  'dropped-in-pod': 'unanswered',
  upstream: 'unanswered',
  'reply-dropped-in-pod': 'unanswered',
  'lost-reply': 'lost',
  unanswered: 'unanswered',
  'tcp-blocked': 'lost',
  'slow-server': 'slow',
  encrypted: 'unknown',
  'nothing-seen': 'unknown',
  unknown: 'unknown',
  'dns-ok': 'ok',
};

/** A name without what all of them have in common: there is little room. */
const brief = (label: string): string =>
  printable(
    label
      .replace(/^probe pod on /, 'probe ')
      .split('/')
      .at(-1) ?? label,
    120,
  );

const hop = (kind: Hop['kind'], { label, address }: WayEnd): Hop => ({
  kind,
  label: brief(label),
  detail: label === address ? '' : printable(address, 60),
});

/** What lies between the two ends, as far as it says something. */
function between({ kind, crossNode, server }: Way): Hop[] {
  if (kind === 'cluster-ip') return [{ kind: 'service', label: printable(server.address, 60), detail: '' }];
  return crossNode === true ? [{ kind: 'network', label: 'between nodes', detail: '' }] : [];
}

const isTcp = ({ verdict, udp }: Way): boolean =>
  verdict === 'tcp-blocked' || ((udp.sent ?? udp.arrived ?? 0) === 0 && verdict !== 'dns-ok');

function stateOf(sent: number | null, arrived: number | null): Leg['state'] {
  if (sent === null && arrived === null) return 'not-seen';
  if (sent === 0) return 'not-reached';
  if (sent === null || arrived === null) return 'ok';
  if (arrived >= sent) return 'ok';
  return arrived === 0 ? 'lost' : 'partly';
}

/** Each leg, out and back; a hop between the ends is no place that counts: what came behind it came past it. */
function legsOf(hops: number, { told, sent, arrived, answered, returned }: HopCounts): Leg[] {
  const left = sent ?? told;
  const last = hops - 1;
  const leg = (from: number, to: number, out: number | null, came: number | null): Leg => ({
    from,
    to,
    direction: to > from ? 'request' : 'reply',
    sent: out,
    arrived: came,
    state: stateOf(out, came),
  });
  if (hops === 2) return [leg(0, 1, left, arrived), leg(1, 0, answered, returned)];
  return [leg(0, 1, left, left), leg(1, last, left, arrived), leg(last, 1, answered, returned), leg(1, 0, returned, returned)];
}

const words: Partial<Record<WayVerdict, string>> = {
  'not-sent': 'not sent',
  'rejected-no-endpoints': 'rejected here',
  'nothing-listening': 'refused here',
  'lost-request': 'lost here',
  'conntrack-race': 'lost here',
  'dropped-in-pod': 'no answer',
  upstream: 'no answer',
  'reply-dropped-in-pod': 'dropped here',
  'lost-reply': 'lost here',
  unanswered: 'no answer',
  'tcp-blocked': 'blocked here',
  'slow-server': 'slow',
};

/** Where the mark stands: at the hop that is to blame, else on the leg where they were last seen. */
function stopOf({ verdict, stoppedAt, kind }: Way, hops: readonly Hop[]): Stop | null {
  const word = words[verdict];
  if (word === undefined || stoppedAt === null) return null;
  const last = hops.length - 1;
  if (stoppedAt === 'client') return { at: 'hop', index: 0, word };
  if (stoppedAt === 'upstream' || stoppedAt === 'server') return { at: 'hop', index: last, word };
  if (stoppedAt === 'way-back') return { at: 'leg', index: hops.length === 2 ? 1 : 2, word };
  if (kind === 'cluster-ip' && (stoppedAt === 'kube-proxy' || verdict === 'rejected-no-endpoints')) return { at: 'hop', index: 1, word };
  return { at: 'leg', index: hops.length === 2 ? 0 : 1, word };
}

/** Behind the address of a Service: the pods at which queries fail, where that is known. */
function servers({ failedAt }: Way, { points }: Pick<CaptureReport, 'points'>): Hop {
  const [first, ...others] = failedAt.flatMap((id) => points.find((point) => point.id === id) ?? []);
  if (first === undefined) return { kind: 'server', label: 'any of its pods', detail: '' };
  return { kind: 'server', label: brief(first.label), detail: others.length === 0 ? '' : `and ${others.length} more` };
}

function hopsOf(way: Way, report: CaptureReport): Hop[] {
  const { client, server, kind } = way;
  if (kind === 'upstream') return [hop('server', client), hop('upstream', server)];
  return [hop('client', client), ...between(way), kind === 'cluster-ip' ? servers(way, report) : hop('server', server)];
}

function wayPicture(way: Way, report: CaptureReport): WayPicture {
  const { client, server, verdict } = way;
  const hops = hopsOf(way, report);
  return {
    title: `${brief(client.label)} → ${brief(server.label)}`,
    verdict: verdictWords[verdict],
    outcome: outcomes[verdict],
    hops,
    legs: legsOf(hops.length, isTcp(way) ? way.tcp : way.udp),
    stoppedAt: stopOf(way, hops),
  };
}

/** What a capture says, as a picture: each way hop by hop, with where it stopped. Null: there is no way to draw. */
export function waysPicture(report: CaptureReport, cluster: string): WaysPicture | null {
  const { ways, verdict } = report;
  if (ways.length === 0) return null;
  const first = verdict.way === null ? undefined : ways[verdict.way];
  const works = (way: Way): boolean => way.verdict === 'dns-ok';
  const others = ways.filter((way) => way !== first).toSorted((a, b) => Number(works(a)) - Number(works(b)));
  return {
    title: printable(cluster, 253),
    verdict: verdict.code === 'dns-ok' ? 'Queries and answers come through.' : `${capital(verdictWords[verdict.code])}.`,
    ways: [...(first === undefined ? [] : [first]), ...others].map((way) => wayPicture(way, report)),
  };
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** How long queries took at one place, over the time of the capture. Null: nothing was asked. */
export function latencyPicture({ timeline, points }: CaptureReport): LatencyPicture | null {
  if (timeline === null) return null;
  const point = points.find(({ id }) => id === timeline.point);
  const lost = point === undefined ? 0 : point.unanswered;
  const title = `Latency at ${brief(point?.label ?? timeline.point)}`;
  const verdict = lost === 0 ? 'Each query was answered.' : `${lost} of ${point?.queries ?? lost} queries have no answer.`;
  const { lengthMs, exchanges } = timeline;
  return { title, verdict, lengthMs, exchanges, p50Ms: point?.latency?.p50Ms ?? null, p95Ms: point?.latency?.p95Ms ?? null };
}
