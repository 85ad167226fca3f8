import { expect, test } from '@jest/globals';
import { headOf } from '../../../src/audit/chain.ts';
import { auditKey, openAudit, openPen } from '../../../src/audit/redis.ts';
import type { AuditEntry } from '../../../src/domain/audit.ts';
import { PREFIX, type Opened } from './fixture.ts';
import { onRedis } from './on-redis.ts';

const list = auditKey(PREFIX);
let at: Opened;
onRedis((now) => ({ at } = now));

const entry = (now: number): AuditEntry => ({
  at: now,
  actor: { kind: 'worker', id: 'w' },
  action: 'wrote',
  cluster: 'a',
  change: null,
  remedy: null,
  run: null,
  digest: null,
  details: { object: 'ConfigMap a/b', resourceVersion: '7' },
});

/** A chain as one process has it, with what that process remembers. */
const opened = () => openAudit({ redis: at.redis, prefix: PREFIX });

test('many who write at once make one chain, which can be read from any line on', async () => {
  const logs = [opened(), opened(), opened()];
  expect(await logs[0]!.head()).toBeNull();
  expect(await logs[0]!.verify()).toEqual({ ok: true, lines: 0, head: null, restarts: [] });
  await Promise.all(Array.from({ length: 60 }, (_, n) => logs[n % 3]!.append(entry(n))));
  const lines = await logs[0]!.read(1, 100);
  expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  expect(lines.map((line) => line.at).toSorted((one, other) => one - other)).toEqual(Array.from({ length: 60 }, (_, n) => n));
  expect(await logs[1]!.read(58, 2)).toEqual(lines.slice(57, 59));
  expect(await logs[1]!.head()).toEqual(headOf(lines[59]!));
  expect(await logs[2]!.verify(headOf(lines[40]!))).toMatchObject({ ok: true, lines: 60 });
});

test('a line whose answer was lost is there once', async () => {
  const pen = openPen(at.redis, PREFIX);
  const log = openAudit({ redis: at.redis, prefix: PREFIX, pen });
  const evalOnce = at.redis.eval.bind(at.redis);
  // As ioredis does when the connection breaks after the command was sent.
  const twice = Object.assign(Object.create(at.redis) as typeof at.redis, {
    eval: async (...args: Parameters<typeof evalOnce>) => {
      await evalOnce(...args);
      return evalOnce(...args);
    },
  });
  const line = await openAudit({ redis: twice, prefix: PREFIX }).append(entry(1));
  expect(await log.read(1, 9)).toEqual([line]);
});

test('when the chain is lost, one who remembers begins again with a line that names what was lost; once', async () => {
  const [one, two, fresh] = [opened(), opened(), opened()];
  await one.append(entry(1));
  await two.append(entry(2));
  const lost = headOf(await one.append(entry(3)));
  await at.redis.flushall();
  await fresh.append(entry(4));
  await one.append(entry(5));
  await two.append(entry(6));
  expect(await fresh.read(1, 9)).toMatchObject([
    { seq: 1, at: 4 },
    { seq: 2, action: 'chain-restarted', details: { lostLine: 3, lostHash: lost.hash } },
    { seq: 3, at: 5 },
    { seq: 4, at: 6 },
  ]);
  expect(await fresh.verify()).toMatchObject({ ok: true, lines: 4, restarts: [lost] });
  expect(await fresh.verify(lost)).toMatchObject({ ok: false, says: expect.stringContaining('begun again') });
});

test('what was changed, cut off or taken out in Redis is found, and said by the next who writes', async () => {
  const log = opened();
  for (const now of [1, 2, 3, 4]) await log.append(entry(now));
  const known = await log.head();
  const text = (await at.redis.lindex(list, 1))!;
  await at.redis.lset(list, 1, text.replace('"at":2', '"at":9'));
  expect(await log.verify()).toMatchObject({ ok: false, at: 2, says: expect.stringContaining('changed') });
  await at.redis.lset(list, 1, 'nonsense');
  expect(await log.verify()).toMatchObject({ ok: false, at: 2 });
  await expect(log.read(1, 9)).rejects.toThrow('cannot be read');
  await at.redis.lset(list, 1, text);
  expect(await log.verify()).toMatchObject({ ok: true });
  await at.redis.lrem(list, 1, text);
  expect(await log.verify()).toMatchObject({ ok: false, at: 2, says: expect.stringContaining('missing') });
  await at.redis.del(list);
  await log.append(entry(5));
  expect(await log.read(1, 9)).toMatchObject([{ action: 'chain-restarted', details: { lostLine: 4 } }, { at: 5 }]);
  expect(await log.verify(known)).toMatchObject({ ok: false });
});

test('a chain whose last line was cut off goes on, and says what is gone', async () => {
  const log = opened();
  for (const now of [1, 2, 3]) await log.append(entry(now));
  await at.redis.rpop(list);
  await log.append(entry(4));
  expect(await log.read(3, 9)).toMatchObject([
    { seq: 3, action: 'chain-restarted', details: { lostLine: 3 } },
    { seq: 4, at: 4 },
  ]);
  expect(await log.verify()).toMatchObject({ ok: true, lines: 4 });
});

test('a last line that cannot be read stops everything that must be written down', async () => {
  const log = opened();
  await log.append(entry(1));
  await at.redis.rpush(list, '{"seq":"x"}');
  await expect(log.append(entry(2))).rejects.toThrow('the last line of the audit cannot be read: look at test:audit in Redis');
  expect(await at.redis.llen(list)).toBe(2);
});

test('lines that were taken away from the beginning, to be kept elsewhere, hinder nobody', async () => {
  const [one, two] = [opened(), opened()];
  for (const now of [1, 2, 3]) await one.append(entry(now));
  await two.append(entry(4));
  await at.redis.ltrim(list, 2, -1);
  await one.append(entry(5));
  await two.append(entry(6));
  expect((await one.read(4, 9)).map((line) => line.at)).toEqual([4, 5, 6]);
  expect((await one.read(1, 1)).map((line) => line.seq)).toEqual([3]);
});
