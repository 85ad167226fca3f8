import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hasOpenssl } from './certificates.ts';
import { type Asked, type FakeApiServer, json, startFakeApiServer, status } from './fake-api-server.ts';

const withTls = hasOpenssl ? describe : describe.skip;

/** Pages as the API server gives them: `continue` is where the next one begins. */
const pagesOf =
  (total: number) =>
  ({ query }: Asked) => {
    const from = Number(query.get('continue') ?? 0);
    const items = Array.from({ length: Math.min(total - from, Number(query.get('limit'))) }, (_, index) => ({
      metadata: { name: `p${from + index}` },
    }));
    const next = from + items.length;
    return { metadata: next < total ? { continue: String(next), remainingItemCount: total - next } : {}, items };
  };

withTls('lists (need openssl)', () => {
  let fake: FakeApiServer;
  beforeEach(async () => {
    fake = await startFakeApiServer();
  });
  afterEach(() => fake.stop());

  test('are fetched in pages of 250 to the end', async () => {
    fake.answer = (asked, response) => json(response, pagesOf(600)(asked));
    const { items, complete, remaining } = await fake.cluster.list('/api/v1/pods', {
      limit: 1_000,
      labelSelector: 'a=b',
      fieldSelector: 'c=d',
    });
    expect([items.length, complete, remaining]).toEqual([600, true, 0]);
    expect(fake.asked.map(({ query }) => query.get('limit'))).toEqual(['250', '250', '250']);
    expect(fake.asked.every(({ query }) => query.get('labelSelector') === 'a=b' && query.get('fieldSelector') === 'c=d')).toBe(true);
  });

  test('stop at their limit and say how many more there are', async () => {
    fake.answer = (asked, response) => json(response, pagesOf(600)(asked));
    const { items, complete, remaining } = await fake.cluster.list('/api/v1/pods', { limit: 300 });
    expect([items.length, complete, remaining]).toEqual([300, false, 300]);
  });

  test('start over once when a page has expired', async () => {
    let gone = 1;
    fake.answer = (asked, response) =>
      asked.query.has('continue') && gone-- > 0
        ? status(response, 410, 'The provided continue parameter is too old')
        : json(response, pagesOf(400)(asked));
    expect(await fake.cluster.list('/api/v1/pods')).toMatchObject({ complete: true, items: { length: 400 } });
    expect(fake.asked.map(({ query }) => query.get('continue'))).toEqual([null, '250', null, '250']);
  });

  test('fail when their pages expire again and again', async () => {
    fake.answer = (asked, response) =>
      asked.query.has('continue') ? status(response, 410, 'too old') : json(response, pagesOf(400)(asked));
    await expect(fake.cluster.list('/api/v1/pods')).rejects.toMatchObject({
      reason: 'error',
      message: expect.stringContaining('expired twice'),
    });
  });

  test('end when the server gives the same page for ever', async () => {
    fake.answer = (_asked, response) => json(response, { metadata: { continue: 'again' }, items: [{}] });
    expect(await fake.cluster.list('/api/v1/pods')).toMatchObject({ complete: false });
    fake.answer = (_asked, response) => json(response, { metadata: { continue: String(Math.random()) }, items: [] });
    expect(await fake.cluster.list('/api/v1/pods')).toMatchObject({ complete: false, items: [] });
  });

  test('have one bound on bytes for all pages', async () => {
    fake.answer = (asked, response) => json(response, pagesOf(600)(asked));
    await expect(fake.cluster.list('/api/v1/pods', { maxBytes: 10_000 })).rejects.toMatchObject({ reason: 'error' });
  });

  test('take what is no list as an empty one, and leave out what is no object', async () => {
    fake.answer = (_asked, response) => json(response, { items: [null, 1, 'x', { ok: true }], metadata: 7 });
    expect((await fake.cluster.list('/api/v1/pods')).items).toEqual([{ ok: true }]);
    fake.answer = (_asked, response) => json(response, { items: { length: 5 } });
    expect((await fake.cluster.list('/api/v1/pods')).items).toEqual([]);
  });
});

withTls('logs (need openssl)', () => {
  let fake: FakeApiServer;
  beforeEach(async () => {
    fake = await startFakeApiServer();
  });
  afterEach(() => fake.stop());

  test('keep their end, from a whole line on, and take secrets out', async () => {
    fake.answer = (_asked, response) => {
      for (let line = 0; line < 20_000; line += 1) response.write(`line ${line}\n`);
      response.end('password=hunter2\n');
    };
    const { text, truncated } = await fake.cluster.logs({ namespace: 'x', pod: 'y', maxBytes: 40 });
    expect(truncated).toBe(true);
    expect(text).toBe('line 19998\nline 19999\npassword=[redacted]\n');
  });

  test('are asked for as wished, and bounded where nothing was wished', async () => {
    fake.answer = (_asked, response) => void response.end();
    await fake.cluster.logs({
      namespace: 'x',
      pod: 'y',
      container: 'c',
      previous: true,
      tailLines: 5,
      sinceSeconds: 0.2,
      timestamps: true,
    });
    expect(Object.fromEntries(fake.asked[0]!.query)).toEqual({
      container: 'c',
      previous: 'true',
      tailLines: '5',
      sinceSeconds: '1',
      timestamps: 'true',
    });
    expect(await fake.cluster.logs({ namespace: 'x', pod: 'y', maxBytes: 3_200 })).toEqual({ text: '', truncated: false });
    expect(Object.fromEntries(fake.asked[1]!.query)).toEqual({ tailLines: '100' });
  });
});
