import type { LookupRow, Lookups } from '../../../src/domain/lookups.ts';
import { zone, clusterIP, upstreamIP, internalName, externalName, homes, corednsIPs } from './base.ts';
import { resolvConf } from './client.ts';

const cname = { internal: ['10.100.0.1'], fresh: [], external: ['176.32.98.166'], 'fresh-external': [] } as const;

const nameOf = {
  internal: internalName,
  fresh: 'dns-medic-*.kubernetes.default.svc.cluster.local.',
  external: externalName,
  'fresh-external': 'dns-medic-*.amazon.com.',
} as const;

const rcodeOf = { internal: 'NOERROR', fresh: 'NXDOMAIN', external: 'NOERROR', 'fresh-external': 'NXDOMAIN' } as const;

type CommonRole = keyof typeof nameOf;

const isLocal = (role: CommonRole): boolean => role === 'internal' || role === 'fresh';

/** A row that came through: by default node-a's probe pod asking the ClusterIP for kubernetes.default over UDP. */
export const row = (over: Partial<LookupRow> = {}): LookupRow => {
  const role = roles.find((one) => one === over.role) ?? 'internal';
  const shots = over.shots ?? 5;
  return {
    from: { node: homes[0], pod: 'probe-node-a', how: 'probe' },
    server: clusterIP,
    port: 53,
    serverKind: 'cluster-ip',
    serverPod: null,
    serverNode: null,
    proto: 'udp',
    name: nameOf[role],
    role,
    type: 'A',
    shots,
    answered: shots,
    rcodes: { [rcodeOf[role]]: over.answered ?? shots },
    flags: isLocal(role) ? ['aa', 'qr', 'rd'] : ['qr', 'ra', 'rd'],
    answers: [...cname[role]],
    p50Ms: 1,
    maxMs: 3,
    failure: null,
    ...over,
  };
};

/** What a row looks like when nothing came back. */
export const lost = (failure: NonNullable<LookupRow['failure']> = 'timeout'): Partial<LookupRow> => ({
  answered: 0,
  rcodes: {},
  flags: [],
  answers: [],
  p50Ms: null,
  maxMs: null,
  failure,
});

/** What a row looks like when every shot got this answer code and no address. */
export const coded = (rcode: string, flags: string[] = ['qr', 'ra', 'rd'], shots = 5): Partial<LookupRow> => ({
  shots,
  answered: shots,
  rcodes: { [rcode]: shots },
  flags,
  answers: [],
});

const servers: readonly Partial<LookupRow>[] = [
  {},
  { server: corednsIPs[0], serverKind: 'endpoint', serverPod: 'coredns-a', serverNode: homes[0] },
  { server: corednsIPs[1], serverKind: 'endpoint', serverPod: 'coredns-b', serverNode: homes[1] },
];

const roles: readonly CommonRole[] = ['internal', 'fresh', 'external', 'fresh-external'];

/** The whole healthy matrix: from both nodes, ClusterIP and both pods, UDP and TCP, four names; and the upstream asked directly. */
export const healthyRows = (): LookupRow[] =>
  homes.flatMap((home) => {
    const from = { node: home, pod: `probe-${home}`, how: 'probe' as const };
    const asked = servers.flatMap((to) =>
      (['udp', 'tcp'] as const).flatMap((proto) => roles.map((role) => row({ from, ...to, proto, role }))),
    );
    const upstream = (['external', 'fresh-external'] as const).map((role) =>
      row({ from, server: upstreamIP, serverKind: 'upstream', role }),
    );
    return [...asked, ...upstream];
  });

export const lookups = (rows: LookupRow[] = healthyRows(), over: Partial<Lookups> = {}): Lookups => ({
  zone,
  rows,
  sources: homes.map((home) => ({
    node: home,
    pod: `probe-${home}`,
    how: 'probe' as const,
    dnsPolicy: 'ClusterFirst',
    resolvConf: resolvConf(),
  })),
  failures: [],
  ...over,
});

/** The healthy matrix with some rows changed: `change` gets each row and says what to put over it, or null to leave it. */
export const lookupsWhere = (change: (one: LookupRow) => Partial<LookupRow> | null, more: LookupRow[] = []): Lookups =>
  lookups([...healthyRows().map((one) => ({ ...one, ...change(one) })), ...more]);
