import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Thing } from '../../check/lab/api.ts';
import { kubeconfig, label } from '../../check/lab/cluster.ts';
import { kubectl, objectsIn, textOf } from './kubectl.ts';

/**
 * Gives everything a name of its own, so that a dns-medic that is installed on the test cluster is left alone: `dns-medic-worker` becomes
 * `dns-medic-test-NAME-worker`, wherever an object, a namespace or a file of settings names it. Labels stay as they are.
 */
export function renamed(text: string, name: string): string {
  const own = text
    .replace(
      /^(\s*(?:- )?(?:name|namespace|serviceAccountName|secretName|serviceName|priorityClassName): )dns-medic/gm,
      `$1dns-medic-test-${name}`,
    )
    .replaceAll('DNS_MEDIC_REDIS', `DNS_MEDIC_TEST_${name.toUpperCase()}_REDIS`);
  const labelled = objectsIn(own).map((object) => ({
    ...object,
    metadata: { ...object['metadata'], labels: { ...object['metadata'].labels, ...label } },
  }));
  return textOf(labelled);
}

/** The namespaces of an installation of that name. */
export const namespacesOf = (name: string): { home: string; probe: string; capture: string } => ({
  home: `dns-medic-test-${name}`,
  probe: `dns-medic-test-${name}-probes`,
  capture: `dns-medic-test-${name}-capture`,
});

/** Removes what an installation put there, namespaces and all, and waits until it is gone. */
export async function uninstall(text: string): Promise<void> {
  await kubectl(['delete', '--ignore-not-found', '--wait', '--timeout=90s', '-f', '-'], text);
}

/** Installs: first what an earlier run may have left goes, then namespaces are made, then the rest. */
export async function install(text: string): Promise<void> {
  await uninstall(text);
  const objects = objectsIn(text);
  const isNamespace = ({ kind }: Thing): boolean => kind === 'Namespace';
  for (const part of [objects.filter(isNamespace), objects.filter((object) => !isNamespace(object))])
    if (part.length > 0) await kubectl(['apply', '-f', '-'], textOf(part));
}

/** The text of a kubeconfig that acts as somebody else, with the rights of that one only. */
export function actingAs(user: string, groups: readonly string[] = []): string {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as { users: { user: Thing }[] };
  for (const { user: login } of config.users) Object.assign(login, { as: user, ...(groups.length > 0 ? { 'as-groups': groups } : {}) });
  return JSON.stringify(config);
}

/** The user that a ServiceAccount is. */
export const accountName = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`;

/** Waits until the pods of a workload are there and ready; rejects with what one of them said when they do not get so. */
export async function untilRolledOut(kind: string, namespace: string, name: string): Promise<void> {
  try {
    await kubectl(['rollout', 'status', kind, name, '-n', namespace, '--timeout=60s']);
  } catch (error) {
    const log = await kubectl(['logs', '-n', namespace, `${kind}/${name}`, '--tail=20']).catch(String);
    throw new Error(`${kind} ${name} does not get ready: ${log}`, { cause: error });
  }
}
