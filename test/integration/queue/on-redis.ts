import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { startRedis, type TestRedis } from '../redis.ts';
import { openAt, type Opened } from './fixture.ts';

/**
 * A redis-server for the tests of a file or a block, empty for each of them. `tell` hears of it before each test: where it is, and a connection that
 * is closed behind the test.
 */
export function onRedis(tell: (now: { server: TestRedis; at: Opened }) => void, options?: Parameters<typeof startRedis>[0]): void {
  let server: TestRedis;
  let at: Opened;
  beforeAll(async () => {
    server = await startRedis(options);
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    at = openAt(server.url);
    tell({ server, at });
  });
  afterEach(async () => {
    await at.redis.flushall();
    await at.close();
  });
}
