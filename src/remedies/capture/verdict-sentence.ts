import type { CaptureReport, Way, WayVerdict } from '../../domain/capture.ts';

const ends = (way: Way): string => `${way.client.label} and ${way.server.label}`;

/** What a verdict means, in a sentence without its end. */
const SENTENCES: Readonly<Record<WayVerdict, (way: Way) => string>> = {
  'not-sent': (way) => `${way.client.label} says that it sent queries, and none left it`,
  'rejected-no-endpoints': (way) => `the node rejects queries to ${way.server.label}: it has no endpoint for it`,
  'nothing-listening': (way) => `nothing listens where queries for ${way.server.label} arrive`,
  'lost-request': (way) => `queries get lost between ${ends(way)}`,
  'conntrack-race': (way) =>
    `of A and AAAA queries that ${way.client.label} sends at once, one gets lost on the way to ${way.server.label}`,
  'dropped-in-pod': (way) => `queries arrive at ${way.server.label}, and are not answered there: something in the pod drops them`,
  upstream: (way) => `${way.client.label} gets no answer because ${way.server.label} does not: the upstream is silent`,
  'reply-dropped-in-pod': (way) => `${way.server.label} answers, and the answers do not leave its pod`,
  'lost-reply': (way) => `answers get lost on the way back, between ${way.server.label} and ${way.client.label}`,
  unanswered: (way) =>
    `queries from ${way.client.label} to ${way.server.label} get no answer; where they get lost cannot be told from one point`,
  'tcp-blocked': (way) => `between ${ends(way)} UDP works and TCP does not`,
  'slow-server': (way) => `${way.server.label} answers after a second or more`,
  encrypted: (way) => `DNS between ${ends(way)} is encrypted: it cannot be read`,
  'nothing-seen': () => 'no DNS packet was seen at any point',
  unknown: (way) => `what becomes of queries between ${ends(way)} cannot be told`,
  'dns-ok': () => 'DNS packets went both ways at every point that was captured',
};

const NONE: Readonly<Partial<Record<WayVerdict, string>>> = {
  'nothing-seen': 'no DNS packet was seen at any point',
  'dns-ok': 'DNS packets went both ways at every point that was captured',
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** The verdict of a capture, in a sentence without its end. */
export function verdictSentence({ verdict, ways }: CaptureReport): string {
  const way = verdict.way === null ? undefined : ways[verdict.way];
  if (way === undefined) return NONE[verdict.code] ?? 'what becomes of DNS packets here cannot be told';
  const some = verdict.code !== 'dns-ok' && way.share > 0 && way.share < 0.95 ? ` (${percent(way.share)} of them)` : '';
  return `${SENTENCES[verdict.code](way)}${some}`;
}
