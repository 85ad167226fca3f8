import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../src/cluster/connect.ts';
import { EXPIRED } from './certificates.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'dns-medic-kube-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A kubeconfig of three lists in YAML flow style. */
function kubeconfig(
  name: string,
  parts: { user?: string; context?: string; cluster?: string; current?: string; kind?: string } = {},
): string {
  const {
    user = '{token: t}',
    context = '{cluster: c, user: u}',
    cluster = '{server: "https://h:1"}',
    current = 'x',
    kind = 'Config',
  } = parts;
  return file(
    name,
    `kind: ${kind}\nclusters: [{name: c, cluster: ${cluster}}]\nusers: [{name: u, user: ${user}}]\ncontexts: [{name: x, context: ${context}}]\ncurrent-context: ${current}\n`,
  );
}
function file(name: string, text: string, mode = 0o644): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
const open = (path: string | null, environment: Record<string, string> = {}, context: string | null = null) =>
  connect({ kind: 'kubeconfig', file: path, context }, environment).then(async (cluster) => {
    await cluster.close();
    return cluster;
  });
const refused = (words: string | RegExp) => ({ name: 'UsageError', message: expect.stringMatching(words) });
/** Credentials that are there and do not work: not a mistake of the configuration. */
const unusable = (words: string | RegExp) => ({ ...refused(words), name: 'Failure' });

describe('a kubeconfig that cannot be used is refused with the reason', () => {
  test('files that are not there', async () => {
    await expect(open('/nowhere/config')).rejects.toMatchObject(refused('the kubeconfig /nowhere/config is not there'));
    await expect(open(null, { HOME: directory })).rejects.toMatchObject(
      refused(/no cluster is configured: KUBECONFIG is not set and .*\.kube\/config is not there/),
    );
    await expect(open(null, { KUBECONFIG: '/nowhere/a:/nowhere/b' })).rejects.toMatchObject(
      refused('KUBECONFIG names /nowhere/a, /nowhere/b, which are not there'),
    );
    await expect(open(directory)).rejects.toMatchObject(refused('it is a directory'));
  });

  test.each([
    ['YAML error', 'a: [b\nc: d', /YAML error: .*line 2, column 1/],
    ['another kind', 'kind: Pod\n', /its kind is "Pod", not "Config"/],
    ['no mapping', '- a\n', /it is not a YAML mapping/],
    ['a cluster without server', 'clusters: [{name: c, cluster: {}}]\n', /clusters\[0\].cluster.server is missing/],
    ['nothing in it', '', /no current context .* name one \(it has none\)/],
    [
      'aliases that explode',
      `a: &a [x,x]\nb: &b [${'*a,'.repeat(50)}]\nc: &c [${'*b,'.repeat(50)}]\nd: [${'*c,'.repeat(50)}]\n`,
      /not a kubeconfig/,
    ],
  ])('%s', async (name, text, words) => {
    await expect(open(file(name, text))).rejects.toMatchObject(refused(words));
  });

  test('contexts', async () => {
    await expect(open(kubeconfig('a'), {}, 'y')).rejects.toMatchObject(refused(/no context "y" in the kubeconfig .*: it has x$/));
    await expect(open(kubeconfig('b', { current: '""' }))).rejects.toMatchObject(
      refused(/no current context in the kubeconfig .*: name one \(it has x\)/),
    );
    await expect(open(kubeconfig('c', { context: '{cluster: other}' }))).rejects.toMatchObject(
      refused('names the cluster "other", which is not in the kubeconfig'),
    );
    await expect(open(kubeconfig('d', { context: '{cluster: c, user: other}' }))).rejects.toMatchObject(
      refused('names the user "other", which is not'),
    );
    await expect(open(kubeconfig('e', { cluster: '{server: "10.0.0.1:6443"}' }))).rejects.toMatchObject(
      refused('is not a URL: 10.0.0.1:6443'),
    );
  });

  test('client certificates and authorities', async () => {
    const certificate = Buffer.from(EXPIRED).toString('base64');
    await expect(open(kubeconfig('f', { user: `{client-certificate-data: ${certificate}}` }))).rejects.toMatchObject(
      unusable('the client certificate of user "u" expired on 2020-01-02T00:00:00Z'),
    );
    await expect(open(kubeconfig('g', { user: '{client-certificate: gone.pem}' }))).rejects.toMatchObject(
      refused(/gone\.pem of user "u" cannot be read/),
    );
    await expect(open(kubeconfig('h', { user: '{client-certificate-data: bm8=}' }))).rejects.toMatchObject(
      refused('is not a PEM certificate'),
    );
    const cluster = '{server: "https://h:1", certificate-authority: gone.crt}';
    await expect(open(kubeconfig('i', { cluster }))).rejects.toMatchObject(refused(/cannot be used: ENOENT.*gone\.crt/));
  });

  test('not inside a cluster', async () => {
    await expect(connect({ kind: 'inCluster' }, {})).rejects.toMatchObject(refused('not inside a cluster'));
    await expect(connect({ kind: 'inCluster' }, { KUBERNETES_SERVICE_HOST: 'h', KUBERNETES_SERVICE_PORT: '1' })).rejects.toMatchObject(
      refused('no service account token'),
    );
  });
});

describe('a kubeconfig', () => {
  test('is found in KUBECONFIG and in the home directory', async () => {
    mkdirSync(join(directory, '.kube'), { recursive: true });
    expect(await open(null, { KUBECONFIG: kubeconfig('.kube/config') })).toMatchObject({ contextName: 'x', server: 'https://h:1' });
    expect(await open(null, { HOME: directory })).toMatchObject({ contextName: 'x', server: 'https://h:1' });
  });

  test('of several files is merged as kubectl does: the first wins, missing files are skipped', async () => {
    const first = file('first', 'clusters: [{name: c, cluster: {server: "https://first"}}]\n');
    const second = kubeconfig('second', { cluster: '{server: "https://second"}' });
    const third = kubeconfig('third', { current: 'other' });
    expect(await open(null, { KUBECONFIG: `${first}:/nowhere:${second}:${third}` })).toMatchObject({
      contextName: 'x',
      server: 'https://first',
    });
  });

  test('needs no user, and none of its credentials for a server without TLS', async () => {
    expect(await open(kubeconfig('nobody', { context: '{cluster: c}' }))).toMatchObject({ contextName: 'x' });
    expect(await open(kubeconfig('plain', { cluster: '{server: "http://127.0.0.1:8001"}' }))).toMatchObject({
      server: 'http://127.0.0.1:8001',
    });
  });
});

describe('a credential plugin', () => {
  const plugin = (script: string) =>
    `{exec: {apiVersion: client.authentication.k8s.io/v1, command: ${file(`plugin-${script.length}`, `#!/bin/sh\n${script}\n`, 0o755)}, installHint: install it}}`;

  test.each([
    [
      'that is missing',
      '{exec: {command: no-such-plugin, installHint: install it}}',
      /"no-such-plugin" of the kubeconfig is not installed, or not in PATH \(install it\)/,
    ],
    ['without a command', '{exec: {}}', /has no command/],
  ])('%s is refused', async (_what, user, words) => {
    await expect(open(kubeconfig('plugin', { user }))).rejects.toMatchObject(refused(words));
  });

  test.each([
    ['that fails', 'echo "token expired, log in" >&2; echo more >&2; exit 3', /failed \(exit status 3\): token expired, log in$/],
    ['that says nothing', 'true', /gave no token and no certificate/],
    ['that gives no JSON', 'echo hello', /gave no token and no certificate/],
  ])('%s is refused', async (_what, script, words) => {
    await expect(open(kubeconfig('plugin', { user: plugin(script) }))).rejects.toMatchObject(unusable(words));
  });

  test('that gives a token is good', async () => {
    expect(await open(kubeconfig('plugin', { user: plugin(`echo '{"status":{"token":"abc"}}'`) }))).toMatchObject({ contextName: 'x' });
  });
});
