import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { captureFiles } from './deploy/capture.ts';
import { rbacFiles } from './deploy/rbac.ts';
import { remedyFiles } from './deploy/remedies.ts';

const below = (folder: string, files: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]);

/** What of `deploy/` is made from the sources: node scripts/deploy.ts writes it; a test keeps the files equal. By path, with their text. */
export const deployFiles = (): Record<string, string> =>
  Object.fromEntries([
    ...below('deploy/rbac', rbacFiles()),
    ...below('deploy/components/remedies', remedyFiles()),
    ...below('deploy/components/capture', captureFiles()),
  ]);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(deployFiles())) writeFileSync(new URL(`../${file}`, import.meta.url), text);
}
