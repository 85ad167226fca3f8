import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { Thing } from '../../check/lab/api.ts';
import { kubeconfig } from '../../check/lab/cluster.ts';

/** Where kubectl keeps what it has learnt of a cluster: not in the tree. */
const HOME = join(tmpdir(), 'dns-medic-test-kubectl');
const deploy = realpathSync(fileURLToPath(new URL('../../../../deploy', import.meta.url)));
const there = spawnSync('kubectl', ['version', '--client'], { timeout: 20_000 }).status === 0;

/** A group of tests that needs kubectl; skipped by name where there is none. */
export const withKubectl = (name: string, body: () => void): void =>
  there ? describe(name, body) : describe.skip(`${name} (kubectl is not installed)`, body);

/** A group of tests that needs kubectl and a cluster; skipped by name where one of them is not there. */
export const withCluster = (name: string, body: () => void): void => {
  if (kubeconfig === '') describe.skip(`${name} (E2E_KUBECONFIG is not set)`, body);
  else withKubectl(name, body);
};

function run(args: readonly string[], input: string): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, { env: { PATH: process.env['PATH'], HOME, KUBECONFIG: kubeconfig }, timeout: 120_000 });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve({ stdout, stderr });
      else reject(new Error(`kubectl ${args.join(' ')}: ${stderr.slice(0, 2_000)}`));
    });
    child.stdin.end(input);
  });
}

/** Runs kubectl against the test cluster and gives what it printed; rejects with what it said when it fails. */
export const kubectl = async (args: readonly string[], input = ''): Promise<string> => (await run(args, input)).stdout;

/** The same, and gives what it was warned of. */
export const warningsOf = async (args: readonly string[], input = ''): Promise<string> => (await run(args, input)).stderr;

/** What `kubectl apply -k` would apply of an overlay with more components, as one YAML text. */
export async function rendered(overlay: string, components: readonly string[] = []): Promise<string> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'dns-medic-test-')));
  const from = (path: string): string => relative(directory, join(deploy, path));
  try {
    const kustomization = {
      resources: [from(`overlays/${overlay}`)],
      components: components.map((name) => from(`components/${name}`)),
    };
    writeFileSync(join(directory, 'kustomization.yaml'), JSON.stringify(kustomization));
    return await kubectl(['kustomize', directory]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The objects of a YAML text; those of a List are its items. */
export const objectsIn = (text: string): Thing[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as Thing)
    .flatMap((object) => (object['kind'] === 'List' ? (object['items'] as Thing[]) : [object]));

/** Objects as one text that kubectl takes. */
export const textOf = (objects: readonly Thing[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

/** Every overlay with the components that fit it, none and all: what a user may come to apply. */
export const combinations: readonly (readonly [overlay: string, components: readonly string[]])[] = [
  ['central', []],
  ['central', ['http']],
  ['central', ['redis']],
  ['central', ['own-cluster', 'resident-probe', 'redis', 'http', 'priority']],
  ['agent', []],
  ['agent', ['resident-probe', 'priority']],
  ['agent', ['remedies']],
  ['target', []],
  ['target', ['eks-access', 'resident-probe']],
  ['target', ['remedies', 'eks-access']],
];
