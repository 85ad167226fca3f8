import { collectors } from '../collect/registry.ts';
import type { Permission } from '../domain/reading.ts';

/** A right, and the readings that need it. */
export interface Need {
  permission: Permission;
  readings: string[];
}

/** `check --ephemeral` adds a container to the named pod; no reading needs it otherwise. */
const ephemeral: Permission = { group: '', resource: 'pods/ephemeralcontainers', verb: 'patch', scope: 'pod', optional: true };

const keyOf = ({ group, resource, verb, scope }: Permission): string => [group, resource, verb, scope].join(' ');

/** Every right that some collector names, once: optional where all that name it can do without. */
export function allNeeds(): Need[] {
  const needs = new Map<string, Need>();
  const wanted = [
    ...collectors.flatMap(({ id, needs: own }) => own.map((permission) => ({ id, permission }))),
    { id: 'lookups', permission: ephemeral },
  ];
  for (const { id, permission } of wanted) {
    const known = needs.get(keyOf(permission));
    const optional = permission.optional === true && (known?.permission.optional ?? true);
    const readings = known === undefined || known.readings.includes(id) ? (known?.readings ?? [id]) : [...known.readings, id];
    needs.set(keyOf(permission), { permission: { ...permission, optional }, readings });
  }
  return [...needs.values()];
}
