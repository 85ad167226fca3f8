import type { Corefile } from '../domain/coredns.ts';
import type { Lookups } from '../domain/lookups.ts';
import type { Kubelets } from '../domain/network.ts';
import { kubernetesZones } from '../formats/corefile/server-for.ts';
import { absolute, blockFor, isInZone } from './corefile-view.ts';
import type { IndexedRow } from './outside-view.ts';
import { rowsOf } from './lookup-view.ts';

/** The zone that pods ask for: of their search path (`svc.ZONE`), else what the kubelets give them; null when neither is known. */
export function askedZone(lookups: Lookups | undefined, kubelets: Kubelets | undefined): string | null {
  const search = (lookups?.sources ?? []).flatMap((source) => source.resolvConf?.search ?? []).find((entry) => entry.startsWith('svc.'));
  const zone = search?.slice('svc.'.length) ?? kubelets?.items.find((item) => item.clusterDomain !== null)?.clusterDomain ?? null;
  return zone === null ? null : absolute(zone);
}

/** The name every cluster has. */
export const knownName = (zone: string): string => `kubernetes.default.svc.${zone}`;

/** Zones of the cluster that the Corefile serves at all, without reverse zones. */
export const servedZones = (corefile: Corefile): string[] => kubernetesZones(corefile.servers).filter((zone) => !zone.endsWith('.arpa.'));

/** Whether a kubernetes plugin stands in the block that answers for the zone, and serves it. */
export function isServed(corefile: Corefile, zone: string): boolean {
  const block = blockFor(corefile, knownName(zone));
  return block !== null && kubernetesZones([block]).some((served) => isInZone(knownName(zone), served));
}

/** Whether some block's plugin serves the zone, though another block may take its names. */
export const isServedSomewhere = (corefile: Corefile, zone: string): boolean =>
  servedZones(corefile).some((served) => isInZone(knownName(zone), served));

/** What CoreDNS answers for kubernetes.default: rows with an answer. */
export const internalRows = (lookups: Lookups | undefined): IndexedRow[] =>
  lookups === undefined
    ? []
    : rowsOf(lookups, { how: 'probe', role: 'internal', kind: ['cluster-ip', 'endpoint'] }).filter(({ row }) => row.answered > 0);

export const knowsIt = ({ row }: IndexedRow): boolean => (row.rcodes['NOERROR'] ?? 0) > 0;
