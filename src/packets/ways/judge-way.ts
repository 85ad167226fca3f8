import type { ProofPacket, UnknownWhy, Way, WayVerdict } from '../../domain/capture.ts';
import type { Exchange } from '../point/exchange.ts';
import type { RawWay } from './collect-ways.ts';
import { connectionFate, connectionPassed } from './connection-fate.ts';
import { type Fate, fatesOf, passed } from './fates.ts';
import { packetsOfConnection, packetsOfTrace } from './proof-packets.ts';
import { looksLikeRace } from './race.ts';
import { verdictFor } from './thresholds.ts';
import type { Trace } from './trace.ts';
import type { Tracing } from './tracing.ts';
import { WayTally } from './way-tally.ts';

/** Failures that a resolver meets when only TCP is stopped. */
const ofTcp: readonly WayVerdict[] = [
  'rejected-no-endpoints',
  'nothing-listening',
  'lost-request',
  'dropped-in-pod',
  'lost-reply',
  'unanswered',
];

type Judged = Pick<Way, 'verdict' | 'why' | 'share'> & { of: WayVerdict };

/** Judges a way by what became of each of its requests. */
export function judgeWay(raw: RawWay, tracing: Tracing): Way {
  const tally = new WayTally();
  const traces = raw.queries.map((query) => tracing.trace(query, raw));
  addTraces(tally, traces);
  for (const connection of raw.connections) addConnection(tally, tracing.connection(connection, raw));
  for (const { transport } of raw.told) tally.told(transport);
  for (const { transport } of raw.missing) tally.fate({ code: 'not-sent', count: 1, hop: 'client', at: [] }, transport, []);
  const judged = verdictOf(raw, tally, tracing);
  const { client, server, kind } = raw;
  return {
    ...{ client, server, kind },
    crossNode: kind === 'pod' && client.node !== null && server.node !== null ? client.node !== server.node : null,
    ...{ verdict: judged.verdict, why: judged.why, share: judged.share },
    stoppedAt: tally.stoppedAt(judged.of),
    failedAt: tally.failedAt(judged.of),
    udp: tally.hops('udp'),
    tcp: tally.hops('tcp'),
    outcomes: Object.fromEntries(outcomesOf(tally)),
    rcodes: Object.fromEntries(tally.rcodes),
    latency: tally.latencies.result(),
    marked: tally.marked,
    unreachable: tally.mostUnreachable(),
    proof: raw.encrypted.length > 0 && judged.verdict === 'encrypted' ? encryptedProof(raw) : tally.proof(judged.of),
  };
}

function addTraces(tally: WayTally, traces: readonly Trace[]): void {
  const fates = traces.map((trace) => ({ trace, fates: fatesOf(trace) })).filter(({ fates: some }) => some.length > 0);
  const race = isRace(fates);
  for (const { trace, fates: some } of fates) {
    const transport = (trace.client ?? trace.servers[0])?.exchange.transport ?? 'udp';
    for (const fate of some)
      tally.fate(race && fate.code === 'lost-request' ? { ...fate, code: 'conntrack-race' } : fate, transport, packetsOfTrace(trace));
    tally.passed(transport, passed(trace));
    addAnswer(tally, trace);
  }
}

/** rcodes as they left the server, latency as the client felt it. */
function addAnswer(tally: WayTally, { client, servers }: Trace): void {
  const ends = [...servers, ...(client === null ? [] : [client])].map(({ exchange }) => exchange);
  const answered = ends.find(({ answers }) => answers > 0);
  if (answered !== undefined) tally.rcode(answered.rcode);
  const felt = client?.exchange ?? servers[0]?.exchange;
  if (felt !== undefined && felt.answers > 0) tally.latencies.add(felt.answeredAt - felt.at);
  if (felt?.marked === true) tally.marked += 1;
  const unreachable = ends.map((one) => one.unreachable).find((one) => one !== null);
  if (unreachable !== undefined && unreachable !== null) tally.unreachable(unreachable);
}

function isRace(judged: readonly { trace: Trace; fates: readonly Fate[] }[]): boolean {
  const exchanges = new Set<Exchange>();
  const lost = new Set<Exchange>();
  for (const { trace, fates } of judged) {
    if (trace.client === null || trace.client.exchange.transport !== 'udp') continue;
    exchanges.add(trace.client.exchange);
    if (fates.some(({ code }) => code === 'lost-request')) lost.add(trace.client.exchange);
  }
  return lost.size > 0 && looksLikeRace(exchanges, lost);
}

function addConnection(tally: WayTally, trace: Parameters<typeof connectionFate>[0]): void {
  const fate = connectionFate(trace);
  const came = connectionPassed(trace);
  if (fate === null || came === null) return;
  tally.fate(fate, 'tcp', packetsOfConnection(trace));
  tally.passed('tcp', came);
  const unreachable = trace.client?.connection.unreachable ?? trace.server?.connection.unreachable;
  if (unreachable !== null && unreachable !== undefined) tally.unreachable(unreachable);
}

function outcomesOf({ outcomes: { udp, tcp } }: WayTally): Map<WayVerdict, number> {
  const both = new Map(udp);
  for (const [code, count] of tcp) both.set(code, (both.get(code) ?? 0) + count);
  return both;
}

/** UDP first, for resolvers begin with it: TCP alone is a fault of its own. */
function verdictOf(raw: RawWay, tally: WayTally, tracing: Tracing): Judged {
  const udp = verdictFor(Object.fromEntries(tally.outcomes.udp));
  const tcp = verdictFor(Object.fromEntries(tally.outcomes.tcp));
  const worse = udp !== null && (udp.code !== 'dns-ok' || tcp === null || tcp.code === 'dns-ok') ? udp : tcp;
  if (worse === null) return nothing(raw);
  const blocked = worse === tcp && udp !== null && ofTcp.includes(worse.code);
  return {
    verdict: blocked ? 'tcp-blocked' : worse.code,
    of: worse.code,
    share: worse.share,
    why: worse.code === 'unanswered' ? whyUnanswered(raw, tracing) : null,
  };
}

/** Why it cannot be said where requests were lost; null where nobody captured at a server. */
function whyUnanswered(raw: RawWay, tracing: Tracing): UnknownWhy | null {
  if (!tracing.seesServers(raw)) return null;
  return tracing.seesAllServers(raw) ? 'no-overlap' : 'server-not-captured';
}

function nothing({ encrypted, queries, connections }: RawWay): Judged {
  if (queries.length + connections.length > 0) return { verdict: 'unknown', of: 'unknown', share: 1, why: 'ended-too-early' };
  const verdict = encrypted.length > 0 ? 'encrypted' : 'nothing-seen';
  return { verdict, of: verdict, share: 1, why: null };
}

const encryptedProof = ({ encrypted, at, client }: RawWay): ProofPacket[] =>
  encrypted.slice(0, 8).map(({ number }) => ({
    point: at?.report.id ?? client.point ?? '',
    number,
    what: 'encrypted',
    name: null,
    type: null,
    id: null,
  }));
