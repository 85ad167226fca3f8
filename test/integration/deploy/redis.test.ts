import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { objectsOf, type Thing } from '../../deploy/files.ts';
import { until } from '../check/lab/cluster.ts';

const password = 'feedfacefeedfacefeedfacefeedface';
const statefulSet = objectsOf('deploy/components/redis/redis.yaml').find(({ kind }) => kind === 'StatefulSet') as Thing;
const container = statefulSet['spec'].template.spec.containers[0] as Thing;

describe('Redis as components/redis starts it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dns-medic-test-redis-'));
  const path = join(directory, 'socket');
  let server: ChildProcess;
  let redis: Redis;

  const start = async (): Promise<void> => {
    const args = (container['args'] as string[]).map((arg) => arg.replace('$(REDIS_PASSWORD)', password).replace(/^\/data$/, directory));
    server = spawn((container['command'] as string[])[0] ?? '', [...args, '--port', '0', '--unixsocket', path], { stdio: 'ignore' });
    redis = new Redis({ path, password, retryStrategy: () => 50, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    await until('Redis', () => redis.ping());
  };
  const kill = async (): Promise<void> => {
    redis.disconnect();
    server.kill('SIGKILL');
    await once(server, 'exit');
  };

  beforeAll(start);
  afterAll(async () => {
    await kill();
    rmSync(directory, { recursive: true, force: true });
  });

  test('lets nobody in without the password', async () => {
    const stranger = new Redis({ path, retryStrategy: () => null });
    stranger.on('error', () => undefined);
    await expect(stranger.get('x')).rejects.toThrow(/NOAUTH/);
    stranger.disconnect();
  });

  test('refuses what does not fit, and drops nothing', async () => {
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    const [, bytes] = (await redis.config('GET', 'maxmemory')) as [string, string];
    const limit = /^(\d+)Mi$/.exec(container['resources'].limits.memory as string)?.[1];
    expect(Number(limit) * 2 ** 20).toBeGreaterThan(2 * Number(bytes));
  });

  test('still has everything after it was killed', async () => {
    await redis.set('run', 'kept');
    await kill();
    await start();
    expect(await redis.get('run')).toBe('kept');
  });
});
