import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { objectsOf, read, type Thing } from '../../../deploy/files.ts';

const envIn = (file: string): Thing[] => (objectsOf(file)[0]?.['spec'].template.spec.containers[0].env ?? []) as Thing[];

/**
 * The environment that `deploy/overlays/central` gives a process, and the files that its volumes bring, below a folder of the test. `secrets`: by
 * the path that they are mounted at.
 */
export function givenTo(who: 'bot' | 'worker', secrets: Record<string, string>, change: (settings: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), 'dns-medic-test-given-'));
  const files = { '/etc/dns-medic/dns-medic.yaml': change(read('deploy/overlays/central/dns-medic.yaml')), ...secrets };
  chmodSync(folder, 0o755);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const entries = [
    ...envIn(`deploy/base/${who}/deployment.yaml`),
    ...(who === 'worker' ? envIn('deploy/overlays/central/clusters.yaml') : []),
  ];
  const env = entries
    .filter(({ value }) => typeof value === 'string')
    .map(({ name, value }): [string, string] => [name as string, String(value).replace(/^\//, `${folder}/`)]);
  return { env: Object.fromEntries(env), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
