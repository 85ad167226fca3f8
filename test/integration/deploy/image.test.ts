import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../../src/domain/report.ts';
import { finalStage } from './lab/final-stage.ts';

describe('the last stage of the image', () => {
  let stage: ReturnType<typeof finalStage>;
  const directory = mkdtempSync(join(tmpdir(), 'dns-medic-test-'));
  const bundle = join(directory, 'healthy.json');

  beforeAll(() => {
    stage = finalStage();
    chmodSync(directory, 0o755);
    copyFileSync(fileURLToPath(new URL('../../bundles/healthy.json', import.meta.url)), bundle);
  }, 120_000);
  afterAll(() => {
    stage.remove();
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  test('has no package that only tests and the build need', () => {
    const packages = readdirSync(join(stage.app, 'node_modules'));
    expect(packages).toEqual(expect.arrayContaining(['bullmq', 'commander', 'ioredis', 'zod']));
    expect(packages.filter((name) => ['jest', 'typescript', 'prettier', 'esbuild', 'oxlint', 'fast-check'].includes(name))).toEqual([]);
    expect(readdirSync(stage.app).toSorted()).toEqual(['dist', 'node', 'node_modules', 'package.json']);
  });

  test('starts as nobody in particular, and cannot write to itself', () => {
    const who = stage.run(['-e', "console.log(process.getuid()); require('fs').writeFileSync('dist/x', '')"]);
    expect(who.stderr).toMatch(/EACCES/);
    expect(existsSync(join(stage.app, 'dist/x'))).toBe(false);
    const { status, stdout, stderr } = stage.run(['dist/cli/main.js', '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/check[\s\S]*doctor/);
  });

  test('finds every package that any of its files imports', () => {
    const script = `
      const { readdirSync } = await import('node:fs');
      const files = readdirSync('dist', { recursive: true }).filter((file) => file.endsWith('.js') && !/^cli.(main|demo)/.test(file));
      for (const file of files) await import(process.cwd() + '/dist/' + file);
      console.log(files.length);
      process.exit(0);
    `;
    const { status, stdout, stderr } = stage.run(['--input-type=module', '-e', script]);
    expect([status, stderr]).toEqual([0, '']);
    expect(Number(stdout)).toBeGreaterThan(200);
  });

  test('judges a recorded run', () => {
    const judged = stage.run(['dist/cli/main.js', 'judge', bundle, '--json']);
    expect([judged.status, judged.stderr]).toEqual([0, '']);
    expect((JSON.parse(judged.stdout) as Report).verdict.status).toBe('healthy');
  });

  test.each(['bot', 'worker', 'start'])('says what is missing when `%s` is started with nothing', (command) => {
    const { status, stderr } = stage.run(['dist/cli/main.js', command]);
    expect(status).toBe(64);
    expect(stderr).toMatch(/REDIS_URL: not set[\s\S]*ORDER_SECRET: not set/);
  });
});
