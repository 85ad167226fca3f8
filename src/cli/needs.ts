import { collectors } from '../collect/registry.ts';
import type { RightsNamespaces } from '../cluster/rights.ts';
import type { Permission } from '../domain/reading.ts';
import type { ClusterSettings } from '../domain/settings.ts';
import { leaseNeeds } from '../remedies/needs.ts';
import { remedies } from '../remedies/registry.ts';
import type { AnyRemedy } from '../remedies/remedy.ts';

/** A right, and the readings that need it. */
export interface Need {
  permission: Permission;
  readings: string[];
}

/** A right, and the remedies that need it. */
export interface RemedyNeed {
  permission: Permission;
  remedies: string[];
}

/** `check --ephemeral` adds a container to the named pod; no reading needs it otherwise. */
const ephemeral: Permission = { group: '', resource: 'pods/ephemeralcontainers', verb: 'patch', scope: 'pod', optional: true };

const keyOf = ({ group, resource, verb, scope, names }: Permission): string =>
  [group, resource, verb, scope, names === undefined ? 'any' : 'named'].join(' ');

/** All names that one of both is bounded by; both are bounded, or neither is. */
const namesOf = (one: Permission, other: Permission | undefined): Pick<Permission, 'names'> =>
  one.names === undefined ? {} : { names: [...new Set([...(other?.names ?? []), ...one.names])].toSorted() };

/** Rights that several name, once: optional where all that name it can do without. `by`: who names it. */
function once(wanted: readonly { by: string; permission: Permission }[]): { permission: Permission; by: string[] }[] {
  const needs = new Map<string, { permission: Permission; by: string[] }>();
  for (const { by, permission } of wanted) {
    const known = needs.get(keyOf(permission));
    const optional = permission.optional === true && (known?.permission.optional ?? true);
    const all = known === undefined || known.by.includes(by) ? (known?.by ?? [by]) : [...known.by, by];
    needs.set(keyOf(permission), { permission: { ...permission, ...namesOf(permission, known?.permission), optional }, by: all });
  }
  return [...needs.values()];
}

/** Every right that some collector names, once. */
export function allNeeds(): Need[] {
  const wanted = collectors.flatMap(({ id, needs }) => needs.map((permission) => ({ by: id, permission })));
  return once([...wanted, { by: 'lookups', permission: ephemeral }]).map(({ permission, by }) => ({ permission, readings: by }));
}

/** The namespaces that the scopes of rights stand for, with the given settings. */
export const rightsNamespaces = ({ dns, probe, capture }: ClusterSettings, pod: string | null): RightsNamespaces => ({
  dns: dns.namespace,
  system: 'kube-system',
  probe: probe.namespace,
  capture: capture.namespace,
  pod,
});

/** What a remedy needs beyond what a check needs, with the Lease that it must hold. */
export const needsOf = (remedy: Pick<AnyRemedy, 'needs' | 'leases'>): Permission[] => [...leaseNeeds(remedy), ...remedy.needs];

/** Every right that some remedy names, once. Without them a worker only reads. */
export function remedyNeeds(all: readonly AnyRemedy[] = remedies): RemedyNeed[] {
  const wanted = all.flatMap((remedy) => needsOf(remedy).map((permission) => ({ by: remedy.id, permission })));
  return once(wanted).map(({ permission, by }) => ({ permission, remedies: by }));
}
