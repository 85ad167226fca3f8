import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { THREADS, threadsPage } from '../../../scripts/threads.ts';

describe('docs/threads.md', () => {
  test('is what the sources say (node scripts/threads.ts)', async () => {
    expect(readFileSync(new URL('../../../docs/threads.md', import.meta.url), 'utf8')).toBe(await threadsPage());
  });

  test('shows a broken, a healthy and an unknown verdict', async () => {
    const page = await threadsPage();
    expect(THREADS.map(({ title }) => title)).toEqual(['Broken', 'Healthy', 'Unknown']);
    for (const words of ['DNS broken · `cluster-a`', 'DNS healthy · `cluster-b`', 'DNS: could not tell · `cluster-c`'])
      expect(page).toContain(words);
  });

  test('shows an order from the offer to its proof, one that did not help, and one that ended by itself', async () => {
    const page = await threadsPage();
    for (const words of [
      '[Review…]  [Dismiss]',
      '[Approve…]  [Decline]',
      '[Stop]',
      '🟢 Fixed · `restore-corefile`',
      '🟠 Done, but no change',
      '[Lines as a file]',
    ])
      expect(page).toContain(words);
  });
});
