import type { Corefile, SystemPod } from '../../domain/coredns.ts';
import type { EndpointSlices } from '../../domain/service.ts';
import { type Ask, type Batch, isAddress, isHostName, type Question, type Server } from './ask.ts';

/** At most so many CoreDNS addresses are asked one by one; autoscaled clusters have more, and these tell enough. */
const maxEndpoints = 8;

const port53 = 53;

/** The port that CoreDNS serves plain DNS on: 53, unless its Corefile says otherwise for the root zone or the first block. */
export function dnsPort(corefile: Corefile | undefined): number {
  const zones = (corefile?.servers ?? []).flatMap((server) => server.zones).filter((zone) => zone.transport === 'dns');
  return (zones.find((zone) => zone.zone === '.') ?? zones[0])?.port ?? port53;
}

/** The addresses to ask: those of running CoreDNS pods, ready or not, then those of the EndpointSlices that belong to none of them. */
export function endpointServers(pods: readonly SystemPod[], slices: EndpointSlices | undefined, port: number): Server[] {
  const running = pods.filter((pod) => pod.ip !== null && pod.phase === 'Running' && !pod.terminating);
  const own = running.map((pod): Server => ({
    server: pod.ip ?? '',
    port,
    serverKind: 'endpoint',
    serverPod: pod.name,
    serverNode: pod.node,
  }));
  const others = (slices?.endpoints ?? [])
    .filter((endpoint) => !endpoint.terminating && !own.some((server) => server.server === endpoint.address))
    .map((endpoint): Server => ({
      server: endpoint.address,
      port,
      serverKind: 'endpoint',
      serverPod: endpoint.pod,
      serverNode: endpoint.node,
    }));
  return [...own, ...others].filter((server) => isAddress(server.server)).slice(0, maxEndpoints);
}

/** Names that the Corefile itself answers or changes: inline hosts entries, exact rewrites and templates; at most five. */
export function pinnedNames(corefile: Corefile | undefined): string[] {
  const directives = (corefile?.servers ?? []).flatMap((server) => server.directives);
  const hosts = directives
    .filter((d) => d.name === 'hosts')
    .flatMap((d) => d.options.filter((o) => isAddress(o.name)).flatMap((o) => o.args));
  const rewrites = directives.filter((d) => d.name === 'rewrite').map(rewrittenName);
  const templates = directives.filter((d) => d.name === 'template').flatMap((d) => d.args.slice(2));
  const names = [...hosts, ...rewrites, ...templates].filter(
    (name): name is string => name !== undefined && name !== '.' && name.includes('.'),
  );
  return [...new Set(names.map((name) => name.replace(/\.?$/, '.')))].filter(isHostName).slice(0, 5);
}

/** `rewrite [continue|stop] name [exact] FROM TO`: FROM, when it is one name. */
function rewrittenName({ args }: { args: readonly string[] }): string | undefined {
  const rest = args.filter((arg) => arg !== 'continue' && arg !== 'stop');
  if (rest[0] !== 'name') return undefined;
  const kind = ['exact', 'prefix', 'suffix', 'substring', 'regex'].includes(rest[1] ?? '') ? rest[1] : undefined;
  return kind === undefined ? rest[1] : kind === 'exact' ? rest[2] : undefined;
}

/** What is asked at a DNS server of the cluster. */
export interface Questions {
  local: Question[];
  upstream: Question[];
}

/** The questions of a run for one cluster zone. Asked names must be absolute already. */
export function questions(
  zone: string,
  names: { external: readonly string[]; asked: readonly string[]; pinned: readonly string[] },
): Questions {
  const absolute = (name: string) => name.replace(/\.?$/, '.');
  const external = names.external.map(absolute).filter(isHostName);
  const asked = names.asked.map(absolute).filter((name) => isHostName(name) && !external.includes(name));
  const inside = asked.filter((name) => name.endsWith(`.${zone}.`));
  const outside = asked.filter((name) => !inside.includes(name));
  const pinned = names.pinned.filter((name) => !external.includes(name) && !asked.includes(name));
  const role = (list: readonly string[], as: Question['role']): Question[] => list.map((name) => ({ name, role: as }));
  return {
    local: [
      { name: `kubernetes.default.svc.${zone}.`, role: 'internal' },
      { name: `dns-medic-%.kubernetes.default.svc.${zone}.`, role: 'fresh' },
      ...role(inside, 'asked'),
    ],
    upstream: [
      ...role(external, 'external'),
      ...role(outside, 'asked'),
      ...role(pinned, 'pinned'),
      ...role(
        external.slice(0, 1).map((name) => `dns-medic-%.${name}`),
        'fresh-external',
      ),
    ],
  };
}

/** How often each kind is asked over each protocol. */
export type Shots = Record<Batch, { udp: number; tcp: number }>;

/** A usual look: together enough to tell a lost packet from a lost cause. */
export const usualShots: Shots = { first: { udp: 3, tcp: 2 }, local: { udp: 4, tcp: 1 }, upstream: { udp: 3, tcp: 1 } };
/** A quick one. */
export const quickShots: Shots = { first: { udp: 2, tcp: 1 }, local: { udp: 1, tcp: 0 }, upstream: { udp: 2, tcp: 1 } };

/** A name of the world that nobody knows is somebody else's load: it is asked twice, over UDP. */
const timesFor = ({ role }: Question, times: Shots[Batch]): Shots[Batch] =>
  role === 'fresh-external' ? { udp: Math.min(2, times.udp), tcp: 0 } : times;

/** Every question at every server over both protocols. The first one finds out whether a server answers at all; the others wait for that. */
export function plan(servers: readonly Server[], { local, upstream }: Questions, shots: Shots): Ask[] {
  const asks = (list: readonly Question[], batch: Batch, server: Server): Ask[] =>
    (['udp', 'tcp'] as const).flatMap((proto) =>
      list.map((question) => ({ ...server, ...question, type: 'A', proto, shots: timesFor(question, shots[batch])[proto], batch })),
    );
  return servers
    .flatMap((server) => [
      ...asks(local.slice(0, 1), 'first', server),
      ...asks(local.slice(1), 'local', server),
      ...asks(upstream, 'upstream', server),
    ])
    .filter((ask) => ask.shots > 0);
}
