import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { startRedis, type TestRedis } from '../redis.ts';

/** Asks over a connection of its own. */
async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { commandTimeout: 500, maxRetriesPerRequest: 0, disconnectTimeout: 100, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

describe.each([
  { persist: true, kept: 'there' },
  { persist: false, kept: null },
])('a redis-server of a test with persist $persist', ({ persist, kept }) => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis({ persist });
  });
  afterAll(() => server.stop());
  const get = () => ask(server.url, (redis) => redis.get('word'));
  const set = () => ask(server.url, (redis) => redis.set('word', 'there'));

  test('keeps through a restart and a kill what it should keep, and nothing through a wipe', async () => {
    await set();
    await server.restart();
    expect(await get()).toBe(kept);
    await set();
    await server.kill();
    await expect(get()).rejects.toThrow(/closed|ECONNREFUSED/i);
    await server.start();
    expect(await get()).toBe(kept);
    await set();
    await server.wipe();
    expect(await get()).toBeNull();
  });

  test('answers nothing while it is frozen', async () => {
    server.freeze();
    await expect(get()).rejects.toThrow(/timed out/i);
    server.thaw();
    expect(await ask(server.socket, (redis) => redis.ping())).toBe('PONG');
  });
});
