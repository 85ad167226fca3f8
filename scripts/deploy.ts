import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rbacFiles } from './deploy/rbac.ts';

/** What of `deploy/` is made from the sources: node scripts/deploy.ts writes it; a test keeps the files equal. By path, with their text. */
export const deployFiles = (): Record<string, string> =>
  Object.fromEntries(Object.entries(rbacFiles()).map(([name, text]) => [`deploy/rbac/${name}`, text]));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(deployFiles())) writeFileSync(new URL(`../${file}`, import.meta.url), text);
}
