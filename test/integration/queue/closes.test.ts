import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { startRedis, type TestRedis } from '../redis.ts';
import { until } from './fixture.ts';

test.each<[string, (server: TestRedis) => Promise<void> | void]>([
  ['is there', () => undefined],
  ['is gone', (server) => server.kill()],
  ['does not answer', (server) => server.freeze()],
])('a process that has closed everything ends by itself when Redis %s', async (_what, before) => {
  const server = await startRedis();
  const child = spawn(process.execPath, [new URL('child-closes.ts', import.meta.url).pathname, server.url], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += String(text);
  });
  await until(
    () => said,
    (text) => text.includes('ready'),
  );
  await before(server);
  const ended = once(child, 'exit');
  child.stdin.write('close\n');
  await until(
    () => said,
    (text) => text.includes('closed'),
    20_000,
  );
  const patience = setTimeout(() => child.kill('SIGKILL'), 5000);
  expect(await ended).toEqual([0, null]);
  clearTimeout(patience);
  await server.stop();
});
