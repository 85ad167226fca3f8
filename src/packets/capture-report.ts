import type { CaptureReport, Way } from '../domain/capture.ts';
import type { PointResult } from './point/analysis.ts';
import { AllCaptured } from './ways/captured.ts';
import { clientWays, loneWays, type RawWay, serverWays } from './ways/collect-ways.ts';
import { judgeWay } from './ways/judge-way.ts';
import type { WaysKnowledge } from './ways/known.ts';
import { overall } from './ways/overall.ts';
import { timelineOf } from './timeline.ts';
import { Tracing } from './ways/tracing.ts';

const mostWays = 40;

const load = ({ queries, connections, missing, encrypted }: RawWay): number =>
  queries.length + connections.length + missing.length + encrypted.length;

/** Requests of ours first: what they were sent for must not be crowded out. */
const heaviest = (ways: readonly RawWay[]): RawWay[] =>
  ways
    .toSorted((a, b) => Number(isOurs(b)) - Number(isOurs(a)) || load(b) - load(a) || (a.server.address < b.server.address ? -1 : 1))
    .slice(0, mostWays);

const isOurs = ({ told, queries }: RawWay): boolean => told.length > 0 || queries.some(({ exchange }) => exchange.marked);

/** kube-proxy's rules are what is left when a client reaches every server straight, and none through the ClusterIP. */
function withKubeProxy(ways: readonly Way[]): Way[] {
  return ways.map((way) => {
    const straight = ways.filter(({ kind, client }) => kind === 'pod' && client.point === way.client.point && way.client.point !== null);
    const only = straight.length > 0 && straight.every(({ verdict }) => verdict === 'dns-ok');
    const undone = way.kind === 'cluster-ip' && way.verdict === 'lost-request' && way.stoppedAt === 'network' && way.share >= 0.95;
    return undone && only ? { ...way, stoppedAt: 'kube-proxy' } : way;
  });
}

/**
 * What captures say together. Queries are followed from the client's to the server's by address, port, id, name and type; clocks of different
 * captures are never compared. With one capture: what that one can say.
 */
export function captureReport(results: readonly PointResult[], known: WaysKnowledge): CaptureReport {
  const points = results.map(({ report }) => report);
  const all = new AllCaptured(results, known);
  const tracing = new Tracing(all, known);
  const ofClients = clientWays(all, known);
  const alone = loneWays(all, known);
  const first = heaviest([...ofClients, ...alone]);
  const judgedFirst = first.map((way) => judgeWay(way, tracing));
  // only now is it known which packets at the servers are those of captured clients, masqueraded
  const ofServers = serverWays(all, known);
  const second = heaviest(ofServers).slice(0, mostWays - first.length + 10);
  const ways = withKubeProxy([...judgedFirst, ...second.map((way) => judgeWay(way, tracing))]);
  return {
    schema: 'dns-medic/capture/v1',
    verdict: overall(points, ways),
    ways,
    points,
    timeline: timelineOf(results),
    waysLeftOut: ofClients.length + alone.length + ofServers.length - ways.length,
    sampled: all.sampled,
    names: 'shown',
  };
}
