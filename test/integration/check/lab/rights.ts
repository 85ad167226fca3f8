import { collectors } from '../../../../src/collect/registry.ts';
import type { Permission } from '../../../../src/domain/reading.ts';
import { call, type Thing } from './api.ts';
import { type Laboratory, until } from './cluster.ts';
import { kubeconfigText } from './kubeconfigs.ts';

/** Where the scopes of permissions are on the test cluster; `cluster` has no namespace. */
export const places = {
  dns: 'kube-system',
  system: 'kube-system',
  probe: 'dns-medic-test-rights',
  capture: 'dns-medic-test-rights-capture',
  pod: 'shop',
} as const;

/** A right in short: `list pods (dns)`, `get nodes/proxy (cluster)`. */
export const nameOf = ({ group, resource, verb, scope }: Permission): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`} (${scope})`;

/** Every right that some collector declares, once; optional when all that declare it can do without. */
export function declared(): Permission[] {
  const all = collectors.flatMap(({ needs }) => needs);
  const names = [...new Set(all.map(nameOf))];
  return names.map((name) => {
    const alike = all.filter((one) => nameOf(one) === name);
    return { ...(alike[0] as Permission), optional: alike.every(({ optional }) => optional === true) };
  });
}

const same = (a: Permission, b: Permission): boolean => a.group === b.group && a.resource === b.resource && a.verb === b.verb;

/** All rights but one; a right in a namespace is gone only when the same right in the whole cluster is. */
export const without = (all: readonly Permission[], lost: Permission): Permission[] =>
  all.filter((one) => !same(one, lost) || (one.scope !== lost.scope && one.scope !== 'cluster'));

const rules = (rights: readonly Permission[]): Thing[] =>
  rights.map(({ group, resource, verb }) => ({ apiGroups: [group], resources: [resource], verbs: [verb] }));

const home = places.probe;
const rbac = 'rbac.authorization.k8s.io';

/** Gives a ServiceAccount its rights in one scope. The rest of the cluster gives it nothing. */
async function grant(lab: Laboratory, account: string, scope: Permission['scope'], rights: readonly Permission[]): Promise<void> {
  const name = `dns-medic-test-${account}`;
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace: home }];
  const [kind, namespace] = scope === 'cluster' ? ['ClusterRole', ''] : ['Role', places[scope]];
  if (rights.length === 0) return;
  await lab.make(kind, namespace, name, { rules: rules(rights) });
  await lab.make(`${kind}Binding`, namespace, name, { subjects, roleRef: { apiGroup: rbac, kind, name } });
}

/** A ServiceAccount with these rights and no others; gives a kubeconfig with a token of it. */
export async function accountWith(lab: Laboratory, account: string, rights: readonly Permission[]): Promise<string> {
  await lab.make('ServiceAccount', home, account);
  const scopes = ['cluster', 'dns', 'probe', 'pod'] as const;
  await Promise.all(
    scopes.map((scope) =>
      grant(
        lab,
        account,
        scope,
        rights.filter((right) => right.scope === scope),
      ),
    ),
  );
  const answer = await call(lab.login, 'POST', `/api/v1/namespaces/${home}/serviceaccounts/${account}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 1200 },
  });
  const token = answer['status'].token as string;
  // the authorizer hears of new roles a moment later
  const listNodes = () => call({ ...lab.login, token, agent: lab.anonymous }, 'GET', '/api/v1/nodes?limit=1');
  if (rights.some((right) => nameOf(right) === 'list nodes (cluster)')) await until(`the rights of ${account}`, listNodes);
  return lab.file(account, kubeconfigText({ server: lab.login.server, ca: lab.login.ca, token }));
}
