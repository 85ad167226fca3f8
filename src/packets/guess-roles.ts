import type { CapturePoint, CapturePointReport } from '../domain/capture.ts';

/** Addresses that somebody named. */
export interface Named {
  client?: string | undefined;
  servers: readonly string[];
}

type Role = Pick<CapturePoint, 'role' | 'addresses' | 'known'>;

const unknown: Role = { role: 'unknown', addresses: [], known: 'guessed' };

/** Whether an address has to do with each query of a capture, so that it may have been made where that address is. */
function isAll({ clients, servers, queries }: CapturePointReport, address: string): boolean {
  const of = (counts: CapturePointReport['clients']): number => counts.find(({ value }) => value === address)?.count ?? 0;
  return queries > 0 && of(clients) + of(servers) >= queries;
}

/** The address that has to do with each query: asked by several or several asked, so that it is the one that was captured at. */
function guessed(report: CapturePointReport): Role {
  const [client, server] = [report.clients[0]?.value ?? '', report.servers[0]?.value ?? ''];
  if (isAll(report, server) && (report.clients.length > 1 || report.servers.length > 1))
    return { role: 'server', addresses: [server], known: 'guessed' };
  if (isAll(report, client) && report.servers.length > 1) return { role: 'client', addresses: [client], known: 'guessed' };
  return unknown;
}

function named(report: CapturePointReport, { client, servers }: Named): Role {
  const server = servers.find((address) => report.servers.some(({ value }) => value === address) && isAll(report, address));
  const isClient = client !== undefined && report.clients.some(({ value }) => value === client) && isAll(report, client);
  // with nothing but the two of them in a file, it may have been made at either
  if (server !== undefined && isClient) return unknown;
  if (server !== undefined) return { role: 'server', addresses: [server], known: 'told' };
  return isClient ? { role: 'client', addresses: [client], known: 'told' } : guessed(report);
}

/** Of two captures of one conversation, the one nearer to the client: it has queries that never arrived, and waits longer for each answer. */
function nearer(one: CapturePointReport, other: CapturePointReport): CapturePointReport {
  if (one.queries !== other.queries) return one.queries > other.queries ? one : other;
  return (one.latency?.p50Ms ?? 0) >= (other.latency?.p50Ms ?? 0) ? one : other;
}

/**
 * At whose side each capture was made, from what each shows by itself: a client's has one client, a server's one server, which may ask others
 * itself. Two that show nothing but one client and one server are told apart by what only the client's side has. Nothing is guessed of one file.
 */
export function guessRoles(reports: readonly CapturePointReport[], names: Named): Role[] {
  const roles = reports.map((report) => (reports.length === 1 ? onlyNamed(report, names) : named(report, names)));
  const open = reports.filter((report, at) => roles[at]?.role === 'unknown' && report.clients.length === 1 && report.servers.length === 1);
  const clients = roles.filter(({ role }) => role === 'client').length;
  const [first, second] = open;
  if (first === undefined || open.length > 2) return roles;
  const nearest = second === undefined ? (clients === 0 ? first : null) : nearer(first, second);
  return roles.map((role, at) => {
    const report = reports[at];
    return report === undefined || !open.includes(report) ? role : pair(report, report === nearest ? 'client' : 'server');
  });
}

const pair = ({ clients, servers }: CapturePointReport, role: 'client' | 'server'): Role => ({
  role,
  addresses: [(role === 'client' ? clients : servers)[0]?.value ?? ''],
  known: 'guessed',
});

function onlyNamed(report: CapturePointReport, names: Named): Role {
  const role = named(report, names);
  return role.known === 'told' ? role : unknown;
}
