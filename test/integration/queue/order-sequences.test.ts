import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openJobs } from '../../../src/queue/jobs.ts';
import { keysOf } from '../../../src/queue/keys.ts';
import type { TestRedis } from '../redis.ts';
import { CLUSTER, PREFIX, until, type Opened } from './fixture.ts';
import { onRedis } from './on-redis.ts';
import * as orders from './orders.ts';

const keys = keysOf(PREFIX);
let server: TestRedis;
let at: Opened;
onRedis((now) => ({ server, at } = now));

const STEPS = ['request', 'approve', 'carry out', 'undo', 'tend', 'guard', 'lose the job', 'lose all', 'restart the worker'] as const;
type Step = (typeof STEPS)[number];

test('whatever people press, and whatever is lost in between: nothing is done that was not approved, and nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom<Step>(...STEPS), { minLength: 1, maxLength: 3 }), { maxLength: 10 }),
      async (story) => {
        await at.redis.flushall();
        const bots = [at.bot({ graceMs: 0 }), at.bot({ graceMs: 0 })];
        const { desk, guard } = bots[0]!;
        const one = orders.proposal();
        const { id: run } = await orders.checked(at, desk, [one]);
        await Promise.all(bots.map((bot) => bot.guard.check()));
        const changes = orders.changesAt(at, server.url);
        const states: string[] = [];
        const { perform, begun } = orders.performing(changes, async ({ change }) => {
          const known = await changes.find(change!.of, change!.change);
          states.push(
            `${change!.act} of ${known?.change.requested?.person.user} and ${known?.change.approvals.map(({ person }) => person.user).join()}`,
          );
          return {};
        });
        const workers = [await at.workers({ perform })];
        const jobs = openJobs({ redis: at.redis, prefix: PREFIX, onError: () => undefined });
        let [approved, undone] = [0, 0];
        const steps: Record<Step, (bot: (typeof bots)[number]) => Promise<unknown>> = {
          request: (bot) => bot.desk.move(run, one.id, orders.request),
          approve: async (bot) => {
            if ((await bot.desk.move(run, one.id, orders.approve)).is === 'moved') approved += 1;
          },
          'carry out': (bot) => bot.desk.carryOut(run, one.id),
          undo: async (bot) => {
            if ((await bot.desk.move(run, one.id, orders.askUndo)).is === 'moved') undone += 1;
          },
          tend: (bot) => bot.desk.tend(orders.judges),
          guard: (bot) => bot.guard.check(),
          'lose the job': async () => {
            for (const work of await at.redis.zrange(keys.works, 0, '-1')) await jobs.remove(CLUSTER, work);
          },
          'lose all': async () => {
            await Promise.all(bots.map((bot) => bot.guard.check()));
            await at.redis.flushall();
            await guard.check();
          },
          'restart the worker': async () => {
            const ending = workers.splice(0).map((other) => other.close(5000));
            workers.push(await at.workers({ perform }));
            await Promise.all(ending);
          },
        };
        for (const together of story) await Promise.all(together.map((step, n) => steps[step](bots[n % 2]!).catch(() => undefined)));
        // What is left to do is done, by the loops alone.
        await until(
          async () => {
            await Promise.all(bots.map((bot) => bot.guard.check().catch(() => [])));
            await desk.tend(orders.judges).catch(() => []);
            return (await desk.change(run, one.id))?.change.state;
          },
          (state) => ['proposed', 'requested', 'done', 'undone', 'refused'].includes(state ?? ''),
        );
        await Promise.all(workers.map((other) => other.close(5000)));
        await jobs.close();
        const isLost = story.flat().includes('lose all');
        const [applies, undoes] = ['apply', 'undo'].map((act) => begun.filter((what) => what.startsWith(act)).length);
        expect(isLost || approved <= 1).toBe(true);
        // What was approved just when all was lost may have to be approved again, or be refused; it is never done twice.
        expect(isLost || applies === approved).toBe(true);
        expect(isLost || undoes === undone).toBe(true);
        expect(applies).toBeLessThanOrEqual(Math.min(approved, 1));
        expect(undoes).toBeLessThanOrEqual(undone);
        expect(states.every((state) => state.endsWith('of U1 and U2'))).toBe(true);
        expect(await orders.chainOf(at).verify()).toMatchObject({ ok: true });
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );
}, 180_000);
