import { X509Certificate } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';
import { Failure, UsageError } from '../base/failure.ts';
import { createExecPlugin, type ExecPlugin } from './exec-plugin.ts';
import { type Environment, type MergedKubeConfig, type NewKubeConfig, readKubeConfig } from './kubeconfig-file.ts';
import type { Json } from './port.ts';

/** How to reach a cluster: by a context of a kubeconfig (null: the usual files, the current context), or as a pod inside of it. */
export type ClusterAccess = { kind: 'kubeconfig'; file: string | null; context: string | null } | { kind: 'inCluster' };

/** A cluster and who asks it. */
export interface ClusterLogin {
  kc: KubeConfig;
  contextName: string;
  server: string;
  plugin: ExecPlugin | null;
  /** Impersonation headers that client-node leaves out. */
  headers: Record<string, string | string[]>;
}

const TOKEN_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Finds the cluster and the credentials. Rejects with UsageError, whose text says what to mend. */
export async function openLogin(access: ClusterAccess, environment: Environment): Promise<ClusterLogin> {
  // Only this module of client-node: the whole package takes twice as long to load, for API classes that are not used here.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  if (access.kind === 'inCluster') return inCluster(KubeConfig, environment);
  const merged = await readKubeConfig(KubeConfig, access.file, environment);
  const contextName = chooseContext(merged, access.context);
  const cluster = clusterOf(merged, contextName);
  const { server } = cluster;
  const kc = new KubeConfig();
  if (server.startsWith('http:')) {
    // As kubectl does: credentials are not sent in the clear. (client-node refuses http:// unless told to skip verification.)
    kc.loadFromClusterAndUser({ ...cluster, skipTLSVerify: true }, { name: 'anonymous' });
    return { kc, contextName, server, plugin: null, headers: {} };
  }
  const user = userOf(merged, contextName);
  await refuseExpired(user);
  const plugin = pluginOf(user, environment);
  kc.loadFromClusterAndUser(cluster, user);
  return { kc, contextName, server, plugin, headers: impersonation(merged.users.get(user.name)) };
}

function inCluster(KubeConfig: NewKubeConfig, environment: Environment): ClusterLogin {
  if (!environment['KUBERNETES_SERVICE_HOST'] || !environment['KUBERNETES_SERVICE_PORT']) {
    throw new UsageError('not inside a cluster: KUBERNETES_SERVICE_HOST is not set');
  }
  try {
    for (const file of ['token', 'ca.crt']) accessSync(join(TOKEN_DIRECTORY, file), constants.R_OK);
  } catch {
    throw new UsageError(`no service account token in ${TOKEN_DIRECTORY}: does the pod have automountServiceAccountToken: false?`);
  }
  const kc = new KubeConfig();
  kc.loadFromCluster();
  return { kc, contextName: 'in-cluster', server: kc.getCurrentCluster()!.server, plugin: null, headers: {} };
}

function chooseContext({ kc, files }: MergedKubeConfig, wanted: string | null): string {
  const names = kc.getContexts().map((context) => context.name);
  const known = names.length === 0 ? 'it has none' : `it has ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
  const name = wanted ?? kc.getCurrentContext();
  if (!name) throw new UsageError(`no current context in the kubeconfig ${files.join(', ')}: name one (${known})`);
  if (!names.includes(name)) throw new UsageError(`no context "${name}" in the kubeconfig ${files.join(', ')}: ${known}`);
  return name;
}

function clusterOf({ kc }: MergedKubeConfig, contextName: string): Cluster {
  const { cluster: name } = kc.getContextObject(contextName)!;
  const cluster = kc.getCluster(name);
  if (cluster === null) throw new UsageError(`context "${contextName}" names the cluster "${name}", which is not in the kubeconfig`);
  if (!/^https?:\/\//.test(cluster.server) || !URL.canParse(cluster.server)) {
    throw new UsageError(`the server of cluster "${name}" is not a URL: ${cluster.server}`);
  }
  if (cluster.proxyUrl && !/^(?:https?|socks5h?):\/\//.test(cluster.proxyUrl)) {
    throw new UsageError(`the proxy-url of cluster "${name}" must begin with http://, https:// or socks5://`);
  }
  return cluster;
}

function userOf({ kc, users }: MergedKubeConfig, contextName: string): User {
  const { user: name } = kc.getContextObject(contextName)!;
  // Never without a user: then client-node would leave even the CA of the cluster out.
  if (!name) return { name: 'anonymous' };
  const user = kc.getUser(name);
  if (user === null) throw new UsageError(`context "${contextName}" names the user "${name}", which is not in the kubeconfig`);
  readTokenFile(user, users.get(user.name));
  return user;
}

/** kubectl's key is `tokenFile`, read again and again; client-node only knows `token-file`, read once. */
function readTokenFile(user: User, entry: Json | undefined): void {
  const file: unknown = entry?.['user']?.['tokenFile'];
  if (typeof file !== 'string' || file === '') return;
  Object.assign(user, {
    token: undefined,
    authProvider: { name: 'tokenFile', config: { tokenFile: resolve(String(entry?.['directory']), file) } },
  });
}

async function refuseExpired(user: User): Promise<void> {
  const pem = user.certFile ? await readFile(user.certFile).catch(() => null) : Buffer.from(user.certData ?? '', 'base64');
  if (pem === null) throw new UsageError(`the client certificate ${user.certFile} of user "${user.name}" cannot be read`);
  if (pem.length === 0) return;
  const certificate = parseCertificate(pem, user);
  const ends = new Date(certificate.validTo);
  if (ends.getTime() > Date.now()) return;
  throw new Failure(
    'error',
    `the client certificate of user "${user.name}" expired on ${ends.toISOString().replace('.000', '')}: renew the kubeconfig`,
  );
}

function parseCertificate(pem: Buffer, user: User): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new UsageError(`the client certificate of user "${user.name}" is not a PEM certificate`);
  }
}

/** Takes the credential plugin off the user: client-node would run it once for each request that starts at the same time. */
function pluginOf(user: User, environment: Environment): ExecPlugin | null {
  const exec = user.exec as Json | null | undefined;
  if (!exec) return null;
  Object.assign(user, { exec: undefined });
  if (typeof exec['command'] !== 'string') throw new UsageError(`the credential plugin of user "${user.name}" has no command`);
  const variables = (Array.isArray(exec['env']) ? (exec['env'] as Json[]) : []).map((one) => [
    String(one?.['name']),
    String(one?.['value']),
  ]);
  return createExecPlugin(
    {
      command: exec['command'],
      args: Array.isArray(exec['args']) ? exec['args'].map(String) : [],
      env: Object.fromEntries(variables) as Record<string, string>,
      apiVersion: String(exec['apiVersion'] ?? 'client.authentication.k8s.io/v1'),
      installHint: typeof exec['installHint'] === 'string' ? exec['installHint'] : null,
    },
    environment,
  );
}

/** `as` is known to client-node; groups and extra are not, and to act without them would be to act as someone else. */
function impersonation(entry: Json | undefined): Record<string, string | string[]> {
  const user: Json = entry?.['user'] ?? {};
  const headers: Record<string, string | string[]> = {};
  if (Array.isArray(user['as-groups'])) headers['Impersonate-Group'] = user['as-groups'].map(String);
  if (typeof user['as-uid'] === 'string') headers['Impersonate-Uid'] = user['as-uid'];
  for (const [key, values] of Object.entries((user['as-user-extra'] ?? {}) as Json)) {
    headers[`Impersonate-Extra-${encodeURIComponent(key)}`] = Array.isArray(values) ? values.map(String) : [String(values)];
  }
  return headers;
}
