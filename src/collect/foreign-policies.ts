import type { NetworkPolicies } from '../domain/network.ts';
import type { Permission } from '../domain/reading.ts';
import { bounded, outcome, values } from './bounded.ts';
import type { CollectContext } from './collector.ts';
import { arr, str } from './pick.ts';

/** Policies of engines of their own, by API group; Kubernetes' own NetworkPolicies are not among them. */
const engines: readonly { group: string; kinds: readonly { kind: string; resource: string }[] }[] = [
  {
    group: 'crd.projectcalico.org',
    kinds: [
      { kind: 'Calico GlobalNetworkPolicy', resource: 'globalnetworkpolicies' },
      { kind: 'Calico NetworkPolicy', resource: 'networkpolicies' },
    ],
  },
  {
    group: 'cilium.io',
    kinds: [
      { kind: 'CiliumNetworkPolicy', resource: 'ciliumnetworkpolicies' },
      { kind: 'CiliumClusterwideNetworkPolicy', resource: 'ciliumclusterwidenetworkpolicies' },
    ],
  },
  {
    group: 'policy.networking.k8s.io',
    kinds: [
      { kind: 'AdminNetworkPolicy', resource: 'adminnetworkpolicies' },
      { kind: 'BaselineAdminNetworkPolicy', resource: 'baselineadminnetworkpolicies' },
    ],
  },
];

/** What counting them takes. */
export const foreignPolicyNeeds: readonly Permission[] = engines.flatMap(({ group, kinds }) =>
  kinds.map(({ resource }) => ({ group, resource, verb: 'list', scope: 'cluster' }) as const),
);

/** How many policies of other engines there are, by kind; kinds that are not there, not readable or empty are left out. Never rejects. */
export async function foreignPolicies({ port, signal }: CollectContext): Promise<NetworkPolicies['foreign']> {
  const apis = await outcome(port.get('/apis', {}, { signal }));
  if ('failure' in apis) return [];
  const versions = new Map(arr(apis.value, 'groups').map((group) => [str(group, 'name'), str(group, 'preferredVersion.version')]));
  const kinds = engines.flatMap(({ group, kinds: of }) => of.map((kind) => ({ ...kind, group, version: versions.get(group) ?? '' })));
  const present = kinds.filter(({ version }) => /^v\d[a-z0-9]{0,20}$/.test(version));
  const counted = await bounded(present, 6, async ({ kind, group, version, resource }) => {
    const { items, remaining, complete } = await port.list(`/apis/${group}/${version}/${resource}`, { limit: 1, signal });
    return { kind, count: items.length + (remaining ?? (complete ? 0 : 1)) };
  });
  return values(counted).filter(({ count }) => count > 0);
}
