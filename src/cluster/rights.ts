import { Failure } from '../base/failure.ts';
import type { Permission } from '../domain/reading.ts';
import type { ClusterPort, Json } from './port.ts';
import { ruleLine } from './rbac-rule.ts';

/** The namespaces that the scopes of permissions stand for; null: not known in this run, asked for the whole cluster. */
export interface RightsNamespaces {
  dns: string | null;
  system: string;
  probe: string | null;
  capture: string | null;
  pod: string | null;
}

/** The answer for one permission. `allowed` is null when it could not be asked; `allow` is the rule to add when it is not. */
export interface RightsAnswer {
  permission: Permission;
  namespace: string | null;
  allowed: boolean | null;
  message: string | null;
  allow: string;
}

const AT_ONCE = 8;

/** Asks the API server what this user may do, by a SelfSubjectAccessReview for each permission; every authenticated user may ask that. */
export async function checkRights(
  port: ClusterPort,
  permissions: readonly Permission[],
  namespaces: RightsNamespaces,
): Promise<RightsAnswer[]> {
  const answers: RightsAnswer[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < permissions.length; index = next++) {
      answers[index] = await ask(port, permissions[index]!, namespaces);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, permissions.length) }, worker));
  return answers;
}

/** One that is bounded by names is there when it is for each of them: whoever may do it to all objects may do it to those too. */
async function ask(port: ClusterPort, permission: Permission, namespaces: RightsNamespaces): Promise<RightsAnswer> {
  const namespace = permission.scope === 'cluster' ? null : namespaces[permission.scope];
  const names = permission.names ?? [];
  const allow = ruleLine({ ...permission, namespace, name: null }, [permission.verb], names);
  try {
    let message: string | null = null;
    for (const name of names.length === 0 ? [null] : names) {
      const review = await port.create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', reviewOf(permission, namespace, name));
      const { allowed, reason } = (review['status'] ?? {}) as Json;
      message = typeof reason === 'string' && reason !== '' ? reason : null;
      if (allowed !== true) return { permission, namespace, allowed: false, message, allow };
    }
    return { permission, namespace, allowed: true, message, allow };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { permission, namespace, allowed: null, message: error.message, allow };
  }
}

function reviewOf({ group, resource: path, verb }: Permission, namespace: string | null, name: string | null): Json {
  const [resource, subresource] = path.split('/');
  const bound = { ...(namespace === null ? {} : { namespace }), ...(name === null ? {} : { name }) };
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { group, resource, subresource, verb, ...bound } },
  };
}
