import type { CorednsWorkload } from '../../domain/coredns.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { seen } from '../kit/read.ts';

const ZONE = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * The zone that pods ask for: as the kubelets give it, else from a search path; null: nobody says. What is no zone is not taken: it would become part
 * of a Corefile.
 */
export function givenZone(evidence: Evidence): string | null {
  const given = (seen(evidence, 'kubelets')?.items ?? []).map(({ clusterDomain }) => clusterDomain);
  const searches = (seen(evidence, 'lookups')?.sources ?? []).flatMap(({ resolvConf }) => resolvConf?.search ?? []);
  const found = searches.filter((entry) => entry.startsWith('svc.')).map((entry) => entry.slice('svc.'.length));
  const zones = [...given, ...found].map((zone) => (zone ?? '').toLowerCase().replace(/\.$/, ''));
  return zones.find((zone) => ZONE.test(zone)) ?? null;
}

/** The same, and the usual one where nobody says. */
export const clusterZone = (evidence: Evidence): string => givenZone(evidence) ?? 'cluster.local';

const portOf = (workload: CorednsWorkload | undefined): number =>
  workload?.containerPorts.find(({ protocol }) => protocol === 'UDP')?.port ?? 53;

const argument = (probe: CorednsWorkload['readiness'] | undefined, path: string, usual: number): string =>
  probe?.path === path && probe.port > 0 && probe.port !== usual ? ` :${probe.port}` : '';

/**
 * The Corefile of the EKS add-on (eksctl's manifests for 1.23 to 1.36 have the same words). Ports are those that the pods of this workload have:
 * hardened images serve on others.
 */
export const eksDefault = (zone: string, workload: CorednsWorkload | undefined): string => `.:${portOf(workload)} {
    errors
    health${argument(workload?.liveness, '/health', 8080)} {
        lameduck 5s
      }
    ready${argument(workload?.readiness, '/ready', 8181)}
    kubernetes ${zone} in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`;
