import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { HeardText } from '../../../src/domain/heard.ts';
import { connectRedis, endRedis } from '../../../src/queue/connect.ts';
import { openIntake } from '../../../src/queue/intake.ts';
import { startRedis, type TestRedis } from '../redis.ts';

const heard: HeardText = { kind: 'command', user: 'U1', team: 'T1', channel: 'C1', answer: null, thread: null, text: 'check cluster-a' };

describe('the intake', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url, 'producer', () => undefined);
  });
  afterAll(async () => {
    endRedis(redis);
    await server.stop();
  });
  const open = (prefix: string, afterMs = 100) => openIntake({ redis, prefix, afterMs });

  test('gives nothing that has just been noted, or has been dealt with', async () => {
    const intake = open('a');
    expect(await intake.note('k1', heard)).toBe(true);
    expect(await intake.left()).toEqual([]);
    await intake.done('k1');
    await sleep(150);
    expect(await intake.left()).toEqual([]);
  });

  test('notes a thing once', async () => {
    const intake = open('b');
    expect(await intake.note('k1', heard)).toBe(true);
    expect(await intake.note('k1', { ...heard, text: 'other' })).toBe(false);
  });

  test('gives what was left to one of two bots, and again after the same time', async () => {
    const [one, two] = [open('c'), open('c')];
    await one.note('k1', heard);
    await sleep(150);
    const given = await Promise.all([one.left(), two.left()]);
    expect(given.flat().map((each) => each.heard)).toEqual([heard]);
    await sleep(150);
    const again = await two.left();
    expect(again).toHaveLength(1);
    await two.done(again[0]?.key ?? '');
    await sleep(150);
    expect(await one.left()).toEqual([]);
  });

  test('drops what it cannot understand', async () => {
    const intake = open('d');
    await redis.hset('d:intake', 'f'.repeat(64), '{"kind":"evil"}');
    await redis.zadd('d:intake:at', 1, 'f'.repeat(64));
    expect(await intake.left()).toEqual([]);
    expect(await redis.hlen('d:intake')).toBe(0);
  });

  test('rejects within two seconds when Redis is away', async () => {
    server.freeze();
    const began = Date.now();
    await expect(open('e').note('k1', heard)).rejects.toThrow('Redis');
    expect(Date.now() - began).toBeLessThan(2_500);
    server.thaw();
  });
});
