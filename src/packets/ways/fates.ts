import type { Hop, WayVerdict } from '../../domain/capture.ts';
import type { Exchange, Unreachable } from '../point/exchange.ts';
import { hopOfLoss } from './hop-of-loss.ts';
import type { Trace } from './trace.ts';

/** What became of so many requests of a trace. */
export interface Fate {
  code: WayVerdict;
  count: number;
  hop: Hop | null;
  /** The captures at which they failed. */
  at: readonly string[];
}

/** As in the query log: an answer that takes longer is felt. */
export const slowMs = 1000;
/** CoreDNS gives an upstream two seconds to answer (`forward`, the read timeout). */
const upstreamTimeoutMs = 2000;
const servfail = 2;

/** Requests at each hop; null where there was no capture. Never more at a hop than at the one before. */
export interface Passed {
  sent: number | null;
  arrived: number | null;
  answered: number | null;
  returned: number | null;
}

/** How many requests of a trace came how far. A capture may miss packets: what was seen further on did come by. */
export function passed({ client, servers, covered }: Trace): Passed {
  const returned = client === null ? null : Math.min(client.answers, client.tries);
  if (servers.length === 0 && !covered) return { sent: client?.tries ?? null, arrived: null, answered: null, returned };
  const most = client?.tries ?? Number.POSITIVE_INFINITY;
  const seen = { tries: sum(servers.map(({ tries }) => tries)), answers: sum(servers.map(({ answers }) => answers)) };
  const answered = Math.min(most, Math.max(seen.answers, returned ?? 0));
  const arrived = Math.min(most, Math.max(seen.tries, answered));
  return { sent: client?.tries ?? null, arrived, answered, returned };
}

/** What became of the requests of a trace; nothing where that cannot be said yet. */
export function fatesOf(trace: Trace): Fate[] {
  const { client, servers, told } = trace;
  if (client === null && servers.length === 0) return told === null ? [] : [{ code: 'not-sent', count: 1, hop: 'client', at: [] }];
  if (tooYoung(trace)) return [];
  const { sent, arrived, answered, returned } = passed(trace);
  const fates: Fate[] =
    arrived === null || answered === null
      ? [lone(trace, (sent ?? 0) - (returned ?? 0))]
      : [
          lost(trace, sent === null ? 0 : sent - arrived),
          stuck(trace, arrived - answered),
          lostBack(trace, returned === null ? 0 : answered - returned),
        ];
  return [...fates, well(trace, returned ?? answered ?? 0)].filter(({ count }) => count > 0);
}

/** Whether nobody can say what becomes of it, for the capture that would show it ended too early. */
function tooYoung({ client, servers }: Trace): boolean {
  if (client?.exchange.ended === 'open' && servers.length === 0) return true;
  return servers.some(({ exchange }) => exchange.ended === 'open') && (client === null || client.answers === 0);
}

/** Unanswered requests that were captured at one end only. */
function lone(trace: Trace, count: number): Fate {
  const rejected = rejection(trace, trace.client?.exchange.unreachable ?? null);
  if (rejected !== null) return { ...rejected, count };
  if (trace.kind === 'upstream') return { code: 'upstream', count, hop: 'upstream', at: [] };
  return { code: 'unanswered', count, hop: null, at: [] };
}

/** Requests that left the client and did not arrive. */
function lost(trace: Trace, count: number): Fate {
  const rejected = rejection(trace, trace.client?.exchange.unreachable ?? null);
  return { ...(rejected ?? { code: 'lost-request', hop: hopOfLoss(trace), at: [] }), count };
}

/** What an ICMP error about a query means: by whom it is sent tells where the query came to. */
export function rejection(
  { kind, serverAddresses }: Pick<Trace, 'kind' | 'serverAddresses'>,
  unreachable: Unreachable | null,
): Omit<Fate, 'count'> | null {
  if (unreachable === null) return null;
  if (unreachable.what === 'port' && serverAddresses.has(unreachable.by)) return { code: 'nothing-listening', hop: 'server', at: [] };
  if (unreachable.what === 'port' && kind === 'cluster-ip') return { code: 'rejected-no-endpoints', hop: 'kube-proxy', at: [] };
  return { code: 'lost-request', hop: 'network', at: [] };
}

/** Requests that arrived at a server and got no answer. */
function stuck({ servers, client, kind, serverAddresses, logged, upstream }: Trace, count: number): Fate {
  const silent = servers.filter(({ tries, answers }) => answers < tries);
  const at = silent.map(({ point }) => point);
  const unreachable =
    silent.map(({ exchange }) => exchange.unreachable).find((one) => one !== null) ?? client?.exchange.unreachable ?? null;
  const rejected = rejection({ kind, serverAddresses }, unreachable);
  if (rejected?.code === 'nothing-listening') return { ...rejected, at, count };
  if (upstreamFailed({ logged, upstream })) return { code: 'upstream', hop: 'upstream', at, count };
  return { code: logged === null ? 'dropped-in-pod' : 'reply-dropped-in-pod', hop: 'server', at, count };
}

/** Whether CoreDNS waited for its upstream in vain: its packets show it, or its log. */
function upstreamFailed({ logged, upstream }: Pick<Trace, 'logged' | 'upstream'>): boolean {
  if (upstream !== null) return !upstream.answered;
  return logged !== null && (logged.rcode === '-' || logged.rcode === 'SERVFAIL') && logged.ms >= upstreamTimeoutMs;
}

/** Answers that left the server and did not come back. */
function lostBack({ servers }: Trace, count: number): Fate {
  const at = servers.filter(({ answers }) => answers > 0).map(({ point }) => point);
  // the client's host says that nobody waits any more: the answer did arrive, too late
  const late = servers.some(({ exchange }) => exchange.answerRefused && delay(exchange) >= slowMs);
  return late ? { code: 'slow-server', hop: 'server', at, count } : { code: 'lost-reply', hop: 'way-back', at, count };
}

const delay = ({ answeredAt, at, answers }: Exchange): number => (answers === 0 ? 0 : answeredAt - at);

/** Requests that were answered: in time, late, or with an error that an upstream caused. */
function well(trace: Trace, count: number): Fate {
  const { client, servers, told } = trace;
  const at = servers.map(({ point }) => point);
  const failed = [...servers, ...(client === null ? [] : [client])].some(({ exchange }) => exchange.rcode === servfail);
  if (failed && upstreamFailed(trace)) return { code: 'upstream', hop: 'upstream', at, count };
  if (isSlow(trace)) return slowFate(trace, at, count);
  if (told !== null && !told.answered && client !== null) return { code: 'lost-reply', hop: 'client', at: [client.point], count };
  return { code: 'dns-ok', hop: null, at: [], count };
}

/** Whether the server took a second or more; from the client's side alone that is known only if it asked once. */
function isSlow({ client, servers }: Trace): boolean {
  if (servers.length > 0) return servers.some(({ exchange }) => delay(exchange) >= slowMs);
  return client !== null && client.tries === 1 && delay(client.exchange) >= slowMs;
}

function slowFate({ upstream, kind }: Trace, at: readonly string[], count: number): Fate {
  const itsUpstream = upstream !== null && (!upstream.answered || (upstream.ms ?? 0) >= slowMs);
  return itsUpstream || kind === 'upstream'
    ? { code: 'upstream', hop: 'upstream', at, count }
    : { code: 'slow-server', hop: 'server', at, count };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
