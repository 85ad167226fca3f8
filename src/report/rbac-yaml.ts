/**
 * A right to give: in a namespace, or (null) in the whole cluster. `resource` may carry a subresource (`pods/log`). `names`: only for objects of
 * these names.
 */
export interface Grant {
  group: string;
  resource: string;
  verb: string;
  namespace: string | null;
  names?: readonly string[] | undefined;
}

/** Who gets the rights. */
export type Grantee = { kind: 'User'; name: string } | { kind: 'ServiceAccount'; name: string; namespace: string };

interface Rule {
  group: string;
  resources: string[];
  verbs: string[];
  names: readonly string[];
}

const verbOrder = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'bind'];
const byVerb = (a: string, b: string): number => verbOrder.indexOf(a) - verbOrder.indexOf(b);

/** The user's name as RBAC knows it: `system:serviceaccount:NAMESPACE:NAME` is a ServiceAccount. */
export function granteeOf(user: string): Grantee {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined || name === undefined ? { kind: 'User', name: user } : { kind: 'ServiceAccount', name, namespace };
}

const namesOf = ({ names = [] }: Grant): readonly string[] => [...new Set(names)].toSorted();

/**
 * Grants as few rules: the verbs of a resource together, then the resources of a group that have the same verbs; those bounded by names apart,
 * by the same names.
 */
function rulesOf(grants: readonly Grant[]): Rule[] {
  const rules: Rule[] = [];
  for (const grant of grants) {
    const { group, resource } = grant;
    const names = namesOf(grant);
    const isBoundAlike = (other: readonly string[]): boolean => other.join() === names.join();
    const alike = grants.filter((one) => one.group === group && one.resource === resource && isBoundAlike(namesOf(one)));
    const verbs = [...new Set(alike.map(({ verb }) => verb))].toSorted(byVerb);
    const rule = rules.find((one) => one.group === group && one.verbs.join() === verbs.join() && isBoundAlike(one.names));
    if (rule === undefined) rules.push({ group, resources: [resource], verbs, names });
    else if (!rule.resources.includes(resource)) rule.resources.push(resource);
  }
  return rules;
}

function ruleLine({ group, resources, verbs, names }: Rule): string {
  const bound = names.length === 0 ? '' : ` resourceNames: [${names.map((name) => JSON.stringify(name)).join(', ')}],`;
  return `- {apiGroups: ["${group}"], resources: [${resources.join(', ')}],${bound} verbs: [${verbs.join(', ')}]}`;
}

const header = (kind: string, name: string, namespace: string | null): string[] => [
  'apiVersion: rbac.authorization.k8s.io/v1',
  `kind: ${kind}`,
  `metadata: {name: ${name}${namespace === null ? '' : `, namespace: ${JSON.stringify(namespace)}`}}`,
];

function binding(grantee: Grantee, name: string, namespace: string | null): string {
  const kind = namespace === null ? 'ClusterRole' : 'Role';
  const subject =
    grantee.kind === 'User'
      ? `- {kind: User, apiGroup: rbac.authorization.k8s.io, name: ${JSON.stringify(grantee.name)}}`
      : `- {kind: ServiceAccount, name: ${JSON.stringify(grantee.name)}, namespace: ${JSON.stringify(grantee.namespace)}}`;
  return [
    ...header(`${kind}Binding`, name, namespace),
    `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${name}}`,
    `subjects:`,
    subject,
  ].join('\n');
}

const isBoundWithin = (narrow: Grant, wide: Grant): boolean => {
  const [inner, outer] = [namesOf(narrow), namesOf(wide)];
  return outer.length === 0 || (inner.length > 0 && inner.every((name) => outer.includes(name)));
};

const isWithin = (narrow: Grant, wide: Grant): boolean =>
  (wide.namespace === null || wide.namespace === narrow.namespace) &&
  wide.group === narrow.group &&
  wide.resource === narrow.resource &&
  wide.verb === narrow.verb &&
  isBoundWithin(narrow, wide);

/** Whether somebody who has `wide` has `narrow` too, and it says more than that. */
export const covers = (wide: Grant, narrow: Grant): boolean => isWithin(narrow, wide) && !isWithin(wide, narrow);

/**
 * The RBAC objects that give these rights to somebody, as YAML documents: a ClusterRole for what is needed everywhere, a Role for each
 * namespace, and their bindings. What a right in the whole cluster covers is not given again. Empty when there is nothing to give.
 */
export function rbacYaml(grants: readonly Grant[], grantee: Grantee, name = 'dns-medic'): string {
  const needed = grants.filter((grant) => !grants.some((other) => covers(other, grant)));
  const places = [...new Set(needed.map(({ namespace }) => namespace))].toSorted((a, b) => (a ?? '').localeCompare(b ?? ''));
  const documents = places.flatMap((place) => {
    const rules = rulesOf(needed.filter(({ namespace }) => namespace === place)).map(ruleLine);
    return [
      [...header(place === null ? 'ClusterRole' : 'Role', name, place), 'rules:', ...rules].join('\n'),
      binding(grantee, name, place),
    ];
  });
  return documents.length === 0 ? '' : `${documents.join('\n---\n')}\n`;
}

/** A short suffix that tells one set of grants from another (FNV-1a), so that applying a second set does not take the first away. */
export function suffixOf(grants: readonly Grant[]): string {
  const text = grants
    .map((grant) => [grant.group, grant.resource, grant.verb, grant.namespace, ...namesOf(grant)].join('/'))
    .toSorted()
    .join();
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0').slice(0, 6);
}
