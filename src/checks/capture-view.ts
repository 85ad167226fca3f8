import type { Judgement } from '../domain/check.ts';
import type { CaptureReport, Way, WayEnd, WayVerdict } from '../domain/capture.ts';
import type { Finding, Proof, Severity, Subject } from '../domain/finding.ts';
import { at, notApplicable, passed, unknown } from './check.ts';

/** A way of a capture, with its place in `ways` for a proof pointer. */
export interface IndexedWay {
  way: Way;
  index: number;
}

/** To the Service, a pod, or what else was asked with marked queries (a cache on the node). What programs ask elsewhere is their own matter. */
const leadsToDns = ({ kind, marked }: Way): boolean => kind === 'pod' || kind === 'cluster-ip' || (kind === 'other' && marked > 0);

const mute: readonly WayVerdict[] = ['encrypted', 'nothing-seen', 'unknown'];

/** Ways to cluster DNS. What CoreDNS asks its upstream is not among them. */
export const dnsWays = ({ ways }: CaptureReport): IndexedWay[] =>
  ways.map((way, index) => ({ way, index })).filter(({ way }) => leadsToDns(way));

/** Those of them that were judged so. */
export const waysThat = (capture: CaptureReport, ...verdicts: readonly WayVerdict[]): IndexedWay[] =>
  dnsWays(capture).filter(({ way }) => verdicts.includes(way.verdict));

/** What a check says that found no way of its kind: nothing is called well that was not seen. */
export function noFault(capture: CaptureReport): Judgement {
  const ways = dnsWays(capture).filter(({ way }) => !mute.includes(way.verdict));
  if (ways.length === 0) return notApplicable('no query to cluster DNS was captured');
  if (ways.every(({ way }) => way.verdict !== 'unanswered')) return passed;
  return unknown('queries got no answer, and what was captured does not tell where they were lost');
}

/** The straight ways to pods, where there are any: what goes through the Service goes on to these. */
export function straightest(ways: readonly IndexedWay[]): IndexedWay[] {
  const toPods = ways.filter(({ way }) => way.kind === 'pod');
  return toPods.length === 0 ? [...ways] : toPods;
}

/** Of the requests on these ways, those that their verdicts are about, together. `percent` is at least 1. */
export function lossOf(ways: readonly IndexedWay[]): { failed: number; of: number; percent: number } {
  const counts = ways.map(({ way }) => {
    const { told, sent, arrived } = way.verdict === 'tcp-blocked' ? way.tcp : way.udp;
    const of = Math.max(told ?? 0, sent ?? arrived ?? 0) || Object.values(way.outcomes).reduce((sum, count) => sum + count, 0);
    return { failed: Math.round(way.share * of), of };
  });
  const failed = counts.reduce((sum, one) => sum + one.failed, 0);
  const of = counts.reduce((sum, one) => sum + one.of, 0);
  return { failed, of, percent: of === 0 ? 100 : Math.max(1, Math.round((100 * failed) / of)) };
}

const once = (texts: readonly string[]): string[] => [...new Set(texts)];

/** Who asks whom on these ways. */
export const endsOf = (ways: readonly IndexedWay[]): { from: string[]; to: string[] } => ({
  from: once(ways.map(({ way }) => way.client.label)),
  to: once(ways.map(({ way }) => way.server.label)),
});

/** As for lost packets without a capture: a fifth is felt by everybody who takes that way. */
export const severityOf = (ways: readonly IndexedWay[]): Severity =>
  Math.max(...ways.map(({ way }) => way.share)) >= 0.2 ? 'critical' : 'high';

/** What an end of a way is: a pod or a Service, where its label names one, else a node. */
export function subjectOf({ label, node }: Pick<WayEnd, 'label' | 'node'>): Subject {
  const named = /^(?:(Service) )?([a-z0-9.-]+)\/([a-z0-9.-]+)$/.exec(label);
  if (named !== null) return { kind: named[1] ?? 'Pod', namespace: named[2] ?? '', name: named[3] ?? '' };
  return node === null ? { kind: 'Address', name: label } : { kind: 'Node', name: node };
}

/** The ways as proof: straight ones, and those that lose most, first. */
export const wayProof = (ways: readonly IndexedWay[], max = 4): Proof[] =>
  ways
    .toSorted((a, b) => Number(b.way.kind === 'pod') - Number(a.way.kind === 'pod') || b.way.share - a.way.share)
    .slice(0, max)
    .map(({ index }) => at('capture', `/ways/${index}`));

/**
 * Ways over which UDP gets through and TCP does not. `ofOnePod`: those on which TCP arrives at pods that do not take it, while others do: that is
 * no matter of the way.
 */
export function tcpBlocked(capture: CaptureReport): { onTheWay: IndexedWay[]; ofOnePod: IndexedWay[] } {
  const takesTcp = dnsWays(capture).flatMap(({ way }) => (way.kind === 'pod' && (way.tcp.returned ?? 0) > 0 ? [way.server.point] : []));
  const isOfOnePod = ({ way }: IndexedWay): boolean =>
    way.stoppedAt === 'server' && takesTcp.some((point) => point !== null && !failingPoints(way).includes(point));
  const blocked = waysThat(capture, 'tcp-blocked');
  // a Service without TCP is another fault
  const straight = blocked.filter((one) => one.way.kind === 'pod' && !isOfOnePod(one));
  return { onTheWay: straight, ofOnePod: blocked.filter(isOfOnePod) };
}

/** The captures at the servers that requests failed at. */
export const failingPoints = ({ failedAt, server }: Way): string[] =>
  failedAt.length > 0 || server.point === null ? failedAt : [server.point];

/** Much enough that straight ways would have lost some too, were it the network. */
const muchShare = 0.2;

/**
 * Ways through the Service on which requests end where kube-proxy's rules should have sent them on: seen on the node, or known because the same
 * client loses nothing on its straight ways.
 */
export function stoppedByRules(capture: CaptureReport): IndexedWay[] {
  const ways = dnsWays(capture);
  const reachesAllPods = ({ point }: WayEnd): boolean => {
    const straight = ways.filter(({ way }) => way.kind === 'pod' && way.client.point === point);
    return point !== null && straight.length > 0 && straight.every(({ way }) => way.verdict === 'dns-ok');
  };
  return ways.filter(
    ({ way }) =>
      way.kind === 'cluster-ip' &&
      way.verdict === 'lost-request' &&
      (way.stoppedAt === 'kube-proxy' || (way.share >= muchShare && reachesAllPods(way.client))),
  );
}

/** Packets of CoreDNS to an upstream that did not answer, or not in time. */
export const upstreamProof = ({ ways }: CaptureReport): Proof[] =>
  ways
    .flatMap(({ kind, verdict }, index) => (kind === 'upstream' && verdict === 'upstream' ? [at('capture', `/ways/${index}`)] : []))
    .slice(0, 2);

/** The offer to delete a pod, where another one was captured that has no such fault. `failing`: the captures at those that have it. */
export const deleteOffer = ({ kind, name }: Subject, capture: CaptureReport, failing: readonly string[]): Finding['remedies'] =>
  kind === 'Pod' && capture.points.some(({ role, id }) => role === 'server' && !failing.includes(id))
    ? [{ id: 'delete-coredns-pod', params: { pod: name } }]
    : [];

/** The offer to capture packets, where nobody has: after a capture it is known what it can tell. */
export const captureOffer = (capture: CaptureReport | undefined): Finding['remedies'] =>
  capture === undefined ? [{ id: 'capture-packets', params: {} }] : [];
