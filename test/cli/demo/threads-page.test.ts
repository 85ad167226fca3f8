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
});
