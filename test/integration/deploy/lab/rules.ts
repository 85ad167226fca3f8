import type { Thing } from '../../check/lab/api.ts';

/** One right of one role: `list pods in the whole cluster`. */
export interface Lost {
  name: string;
  role: Thing;
  group: string;
  resource: string;
  verb: string;
}

/** A right in short, with the place it holds in. */
export const rightName = ({ group, resource, verb }: { group: string; resource: string; verb: string }, place: string | null): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`} in ${place ?? 'the whole cluster'}`;

/** A role as bindings refer to it. */
export const namesOf = ({ kind, metadata }: Thing): string =>
  kind === 'ClusterRole' ? `ClusterRole ${metadata.name}` : `Role ${metadata.namespace}/${metadata.name}`;

/** Where each role holds, by the bindings: namespaces, and null for the whole cluster. */
export function bindingsOf(objects: readonly Thing[]): Map<string, (string | null)[]> {
  const bound = new Map<string, (string | null)[]>();
  for (const { kind, metadata, roleRef } of objects) {
    if (roleRef === undefined) continue;
    const role = roleRef.kind === 'ClusterRole' ? `ClusterRole ${roleRef.name}` : `Role ${metadata.namespace}/${roleRef.name}`;
    bound.set(role, [...(bound.get(role) ?? []), kind === 'ClusterRoleBinding' ? null : (metadata.namespace as string)]);
  }
  return bound;
}

/** Every right of every role: each verb of each resource in turn. */
export const losses = (roles: readonly Thing[]): Lost[] =>
  roles.flatMap((role) =>
    (role['rules'] as Thing[]).flatMap(({ apiGroups, resources, verbs }) =>
      (apiGroups as string[]).flatMap((group) =>
        (resources as string[]).flatMap((resource) =>
          (verbs as string[]).map((verb) => ({
            name: `${rightName({ group, resource, verb }, null)}: ${namesOf(role)}`,
            role,
            group,
            resource,
            verb,
          })),
        ),
      ),
    ),
  );

/** The role without that right; all others stay. */
export function withoutRight(role: Thing, { group, resource, verb }: Lost): Thing {
  const rules = (role['rules'] as Thing[]).flatMap((rule) => {
    if (!rule['apiGroups'].includes(group) || !rule['resources'].includes(resource) || !rule['verbs'].includes(verb)) return [rule];
    const others = (rule['resources'] as string[]).filter((one) => one !== resource);
    const rest = (rule['verbs'] as string[]).filter((one) => one !== verb);
    return [
      ...(others.length > 0 ? [{ ...rule, resources: others }] : []),
      ...(rest.length > 0 ? [{ ...rule, resources: [resource], verbs: rest }] : []),
    ];
  });
  return { ...role, rules };
}
