import { Agent } from 'node:https';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { call, loginFrom, type Thing } from './api.ts';

/** The cluster to test on: the lab's, or one like it (`shop` with `cart`, `pay` and `search`, its images on the nodes). */
export const kubeconfig = process.env['E2E_KUBECONFIG'] ?? '';

/** A group of tests that needs the cluster; skipped by name where there is none. */
export const onCluster = (name: string, body: () => void): void =>
  kubeconfig === '' ? describe.skip(`${name} (E2E_KUBECONFIG is not set)`, body) : describe(name, body);

export const busybox = 'docker.io/library/busybox:1.35';
export const shellless = 'docker.io/lab/distroless:1';
export const coredns = '602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/coredns:v1.12.4-eksbuild.1';

const resources: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  Pod: '/api/v1/{}/pods',
  Service: '/api/v1/{}/services',
  ConfigMap: '/api/v1/{}/configmaps',
  ServiceAccount: '/api/v1/{}/serviceaccounts',
  ResourceQuota: '/api/v1/{}/resourcequotas',
  Deployment: '/apis/apps/v1/{}/deployments',
  StatefulSet: '/apis/apps/v1/{}/statefulsets',
  DaemonSet: '/apis/apps/v1/{}/daemonsets',
  Job: '/apis/batch/v1/{}/jobs',
  Role: '/apis/rbac.authorization.k8s.io/v1/{}/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/{}/rolebindings',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
};

const versions: Readonly<Record<string, string>> = { apps: 'apps/v1', batch: 'batch/v1', rbac: 'rbac.authorization.k8s.io/v1' };

const collection = (kind: string, namespace: string): string => (resources[kind] ?? '').replace('{}', `namespaces/${namespace}`);

const versionOf = (kind: string): string =>
  Object.entries(versions).find(([group]) => resources[kind]?.startsWith(`/apis/${group}`))?.[1] ?? 'v1';

/** Everything of these tests carries it, so that what a killed run left can be found. */
export const label = { 'dns-medic-test': 'true' };

/** What tests do to the cluster. `forget` removes all that was made, in any order. */
export function laboratory() {
  const login = loginFrom(kubeconfig);
  const made: string[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'dns-medic-test-'));
  const make = async (kind: string, namespace: string, name: string, rest: Thing = {}): Promise<Thing> => {
    const { metadata = {}, ...body } = rest;
    const labels = { ...label, ...(metadata as Thing)['labels'] };
    const thing = await call(login, 'POST', collection(kind, namespace), {
      apiVersion: versionOf(kind),
      kind,
      ...body,
      metadata: { ...metadata, name, labels },
    });
    // what is in a namespace of ours goes with it
    if (kind === 'Namespace' || namespace === '' || !namespace.startsWith('dns-medic-test'))
      made.push(`${collection(kind, namespace)}/${name}`);
    return thing;
  };
  return {
    login,
    /** Connections without the client certificate of the login: it would go before a token. */
    anonymous: new Agent({ keepAlive: true, maxSockets: 4, ca: login.ca }),
    make,
    get: (path: string) => call(login, 'GET', path),
    patch: (path: string, body: Thing) => call(login, 'PATCH', path, body),
    remove: (path: string) => call(login, 'DELETE', path, { gracePeriodSeconds: 0 }),
    /** A namespace of its own; pods in it need its service account, which is there a moment later. */
    namespace: async (name: string, labels: Record<string, string> = {}): Promise<void> => {
      await gone(login, `/api/v1/namespaces/${name}`);
      await make('Namespace', '', name, { metadata: { labels } });
      await until(`service account of ${name}`, async () =>
        call(login, 'GET', `/api/v1/namespaces/${name}/serviceaccounts/default`).catch(() => null),
      );
    },
    /** The names of the pods of a namespace. */
    pods: async (namespace: string): Promise<string[]> => {
      const { items } = await call(login, 'GET', `/api/v1/namespaces/${namespace}/pods`);
      return (items as Thing[]).map((pod) => pod['metadata'].name as string);
    },
    /** Writes a file and gives its path. */
    file: (name: string, content: string): string => {
      const path = join(directory, name);
      writeFileSync(path, content);
      return path;
    },
    forget: async (): Promise<void> => {
      await Promise.allSettled(made.map((path) => call(login, 'DELETE', path, { gracePeriodSeconds: 0 })));
      login.agent.destroy();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export type Laboratory = ReturnType<typeof laboratory>;

/** Waits until a namespace of an earlier run is gone. */
async function gone(login: Laboratory['login'], path: string): Promise<void> {
  await call(login, 'DELETE', path).catch(() => undefined);
  await until(
    `${path} is gone`,
    async () =>
      (await call(login, 'GET', path)
        .then(() => false)
        .catch(() => true)) || null,
    40_000,
  );
}

/** Asks until the answer is not null. */
export async function until<T>(what: string, ask: () => Promise<T | null>, limitMs = 30_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
