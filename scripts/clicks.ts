import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clicksPage } from '../test/access/clicks/page.ts';

/** Writes docs/clicks.md from the table that the tests go through: node scripts/clicks.ts. A test keeps it equal. */
writeFileSync(fileURLToPath(new URL('../docs/clicks.md', import.meta.url)), clicksPage());
