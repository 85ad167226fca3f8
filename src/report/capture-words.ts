import type { CaptureReport, Way, WayEnd, WayVerdict } from '../domain/capture.ts';
import { printable } from './printable.ts';

/** What became of the requests of a way, in a few words. */
export const verdictWords: Readonly<Record<WayVerdict, string>> = {
  'not-sent': 'never left the client',
  'rejected-no-endpoints': 'rejected: the Service has no endpoints',
  'nothing-listening': 'refused: nothing listens there',
  'lost-request': 'requests are lost on the way',
  'conntrack-race': 'one of A and AAAA is lost',
  'dropped-in-pod': 'arrives, and no answer leaves',
  upstream: 'the upstream does not answer',
  'reply-dropped-in-pod': 'answered, but the answer does not leave',
  'lost-reply': 'replies are lost on the way back',
  unanswered: 'no answer',
  'tcp-blocked': 'TCP is blocked, UDP works',
  'slow-server': 'answers take a second or more',
  encrypted: 'encrypted',
  'nothing-seen': 'nothing was seen',
  unknown: 'cannot be told',
  'dns-ok': 'answered',
};

/** An end of a way: `shop/cart-1 (10.244.1.10)`. */
export function endWords({ label, address }: WayEnd): string {
  const [name, at] = [printable(label, 120), printable(address, 60)];
  return name === at || at === '' ? name : `${name} (${at})`;
}

/** A share of one: `50 %`; never 0 % or 100 % when it is neither. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1 %';
  return share > 0.99 && share < 1 ? 'over 99 %' : `${Math.round(share * 100)} %`;
}

/** How many requests the verdict of a way is about, and of how many. */
export function countsOf({ verdict, share, udp, tcp, outcomes }: Way): { failed: number; of: number } {
  const sum = (counts: Way['udp']): number => Math.max(counts.told ?? 0, counts.sent ?? counts.arrived ?? 0);
  const byTransport = verdict === 'tcp-blocked' || sum(udp) === 0 ? sum(tcp) : sum(udp);
  const of = outcomes[verdict] === undefined || byTransport > 0 ? byTransport : outcomes[verdict];
  return { failed: Math.round(share * of), of };
}

const amount = (way: Way): string => {
  const { failed, of } = countsOf(way);
  if (failed < of) return `${failed} of ${of} requests (${percent(way.share)})`;
  return of === 1 ? 'The only request' : `All ${of} requests`;
};

/** What happened on the way, and how that is known. */
const stories: Readonly<Record<WayVerdict, (way: Way, from: string, to: string) => string>> = {
  'not-sent': (way, from, to) =>
    `${amount(way)} that ${from} says it sent to ${to} never left it: its own capture has none of them. A capture sees what is sent only after the pod’s own packet filter.`,
  'rejected-no-endpoints': (way, from, to) =>
    `${amount(way)} from ${from} to ${to} came back as “port unreachable” from ${by(way)}: kube-proxy rejects what is sent to a Service without endpoints.`,
  'nothing-listening': (way, from, to) =>
    `${amount(way)} from ${from} to ${to} arrived and were refused (${by(way)}): nothing listens on the port that they came to.`,
  'lost-request': (way, from, to) => `${amount(way)} from ${from} to ${to} left the client and never arrived${whereLost(way)}.`,
  'conntrack-race': (way, from, to) =>
    `${amount(way)} from ${from} to ${to} were lost, always one of A and AAAA that are sent at once from one port, never both: a race in the node’s connection tracking.`,
  'dropped-in-pod': (way, from, to) =>
    `${amount(way)} from ${from} to ${to} arrived at ${serversOf(way)}, and no answer left it: it is dropped inside that pod, or CoreDNS does not read it.`,
  upstream: (way, from, to) => `${amount(way)} from ${from} to ${to} wait for an upstream resolver that does not answer, or not in time.`,
  'reply-dropped-in-pod': (way, from, to) =>
    `${amount(way)} from ${from} to ${to} were answered, says CoreDNS’ log, and the answer never left ${serversOf(way)}: it is dropped inside that pod.`,
  'lost-reply': (way, from, to) =>
    way.stoppedAt === 'client'
      ? `${amount(way)} from ${from} to ${to} were answered and the answer came back, but the program did not get it: it is dropped inside the client’s pod.`
      : `${amount(way)} from ${from} to ${to} were answered, and the answer never came back to the client.`,
  unanswered: (way, from, to) => `${amount(way)} from ${from} to ${to} got no answer.${whyNotMore(way)}`,
  'tcp-blocked': (way, from, to) =>
    `${amount(way)} from ${from} to ${to} failed over TCP, while UDP works${tcpWhere(way)}. Answers that do not fit into UDP fail.`,
  'slow-server': (way, from, to) => `${amount(way)} from ${from} to ${to} were answered only after a second or more.`,
  encrypted: (_way, from, to) =>
    `DNS between ${from} and ${to} is encrypted (port 853): what is asked, and whether it is answered, cannot be seen.`,
  'nothing-seen': (_way, from, to) => `No packet from ${from} to ${to} was captured.`,
  unknown: (_way, from, to) => `The capture ended within two seconds of the queries from ${from} to ${to}: an answer may still have come.`,
  'dns-ok': (way, from, to) => `${amount(way)} from ${from} to ${to} were answered.`,
};

/** What happened on one way, in a sentence. */
export const wayStory = (way: Way): string => stories[way.verdict](way, endWords(way.client), endWords(way.server));

const by = ({ unreachable }: Way): string => (unreachable === null ? 'a TCP reset' : `${printable(unreachable.by, 60)}, ICMP`);

const serversOf = ({ failedAt, server, kind }: Way): string =>
  kind === 'cluster-ip' && failedAt.length > 0
    ? `the server${failedAt.length === 1 ? '' : 's'} of capture ${failedAt.map((id) => printable(id, 60)).join(', ')}`
    : printable(server.label, 120);

const lostAt: Partial<Record<NonNullable<Way['stoppedAt']>, string>> = {
  'client-node': ': they come to the client’s node and do not leave it',
  'kube-proxy': ': kube-proxy’s rules do not send them to a pod',
  'server-node': ': they come to the server’s node and not into the pod',
};

const whereLost = ({ stoppedAt, unreachable }: Way): string =>
  unreachable === null
    ? ((stoppedAt === null ? undefined : lostAt[stoppedAt]) ?? '')
    : `: ${printable(unreachable.by, 60)} says “${unreachable.what} unreachable”`;

const whyNotMore = ({ why }: Way): string =>
  why === 'server-not-captured'
    ? ' They may have gone to a pod without a capture.'
    : why === 'no-overlap'
      ? ' Nothing shows that the capture at the server ran when they were sent.'
      : ' Seen from one place only, it cannot be told where they are lost.';

const tcpWhere = ({ stoppedAt }: Way): string =>
  stoppedAt === 'server' ? ': connections arrive and are not accepted' : stoppedAt === null ? '' : ': connection requests do not arrive';

const patterns: Readonly<Record<NonNullable<CaptureReport['verdict']['pattern']>, string>> = {
  all: 'It is the same on every way that was captured.',
  'cluster-ip': 'Straight to the pods all is well: only what goes through the Service’s address fails.',
  'cross-node': 'On one node all is well: only what crosses nodes fails.',
  'one-server': 'The other servers are well: it is this one alone.',
  'one-client': 'The other clients are well: it is this one alone.',
  tcp: '',
  'outside-names': 'Names that CoreDNS answers itself are not concerned.',
  mixed: '',
};

/** The verdict: what fails where, how that is known, and what does not fail. */
export function verdictSentence({ verdict, ways, points }: CaptureReport): string {
  const way = verdict.way === null ? undefined : ways[verdict.way];
  if (way === undefined)
    return points.every(({ packets }) => packets === 0) ? 'No packet of DNS was captured.' : 'No query was captured that could be judged.';
  if (verdict.code === 'dns-ok') return wellSentence(verdict.status === 'healthy', way, ways);
  const pattern = verdict.pattern === null ? '' : patterns[verdict.pattern];
  return [wayStory(way), pattern].filter((part) => part !== '').join(' ');
}

function wellSentence(healthy: boolean, way: Way, ways: readonly Way[]): string {
  if (!healthy) {
    const all = Object.values(way.rcodes).reduce((sum, count) => sum + count, 0);
    const bad = (way.rcodes['SERVFAIL'] ?? 0) + (way.rcodes['REFUSED'] ?? 0);
    return `The packets go both ways, but ${bad} of ${all} answers of ${endWords(way.server)} are SERVFAIL or REFUSED (${percent(bad / all)}): not the network, the server or its upstream is not well.`;
  }
  const answered = ways.reduce((sum, { outcomes }) => sum + (outcomes['dns-ok'] ?? 0), 0);
  const all = ways.reduce((sum, { outcomes }) => sum + Object.values(outcomes).reduce((total, count) => total + count, 0), 0);
  const rest = all - answered;
  return `DNS works where it was captured: ${answered} of ${all} requests were answered in time${rest === 0 ? '' : `; so few of the rest as a network that is well may lose`}.`;
}
