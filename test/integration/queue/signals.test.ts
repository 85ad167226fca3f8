import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { connectRedis, endRedis } from '../../../src/queue/connect.ts';
import { listen } from '../../../src/queue/signals.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { pause, until } from './fixture.ts';

let server: TestRedis;
let redis: Redis;
beforeEach(async () => {
  server = await startRedis();
  redis = connectRedis(server.url, 'blocking', () => undefined);
});
afterEach(async () => {
  endRedis(redis);
  await server.stop();
});
const listeners = (count: number) =>
  until(
    () => redis.pubsub('NUMSUB', 'here'),
    ([, there]) => Number(there) === count,
  );

test('messages are heard, and heard again after Redis was away', async () => {
  const heard: string[] = [];
  const signals = listen(redis, { here: (message) => heard.push(message) }, () => undefined);
  await listeners(1);
  await redis.publish('here', 'one');
  await server.restart();
  await listeners(1);
  await redis.publish('here', 'two');
  await until(
    () => heard,
    (all) => all.length === 2,
  );
  expect(heard).toEqual(['one', 'two']);
  signals.close();
});

/** A way to Redis that keeps to itself what is subscribed to, once it is told to. */
async function deafWay(port: number) {
  const way = { url: '', deaf: false, kept: 0, close: () => door.close() };
  const door = createServer((client) => {
    const far = connect(port, '127.0.0.1');
    client.on('data', (bytes) => {
      if (way.deaf && /subscribe/i.test(bytes.toString())) way.kept += 1;
      else far.write(bytes);
    });
    far.pipe(client);
    for (const [one, other] of [[client, far] as const, [far, client] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  way.url = `redis://127.0.0.1:${(door.address() as AddressInfo).port}`;
  return way;
}

test('closing just when the connection was made again harms nobody', async () => {
  // A rejection that nobody hears would end the process.
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', hear);
  const way = await deafWay(Number(new URL(server.url).port));
  const there = connectRedis(way.url, 'blocking', () => undefined);
  const signals = listen(there, { here: () => undefined }, () => undefined);
  await listeners(1);
  way.deaf = true;
  await redis.client('KILL', 'TYPE', 'PUBSUB');
  await until(
    () => way.kept,
    (count) => count === 1,
  );
  signals.close();
  await pause(400);
  endRedis(there);
  way.close();
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
