import { beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import { switchOn } from '../../../src/remedies/query-log/act.ts';
import { isOver, MARK, markIn } from '../../../src/remedies/query-log/mark.ts';
import { endQueryLog, overdueQueryLog } from '../../../src/remedies/query-log/sweep.ts';
import { after, before, data, order, QueryWorld, START } from './query-world.ts';

const [MINUTE, END] = [60_000, START + 900_000];

let world: QueryWorld;
beforeEach(async () => {
  world = new QueryWorld();
  await switchOn(world.context(), data);
});

const overdue = (now: number) => overdueQueryLog(world.port, 'kube-system', now);

/** managedFields as the API server writes them. */
const wroteAt = (at: number) => {
  world.managedFields = [
    { manager: 'eks', time: new Date(START - 86_400_000).toISOString(), fieldsV1: { 'f:data': { 'f:Corefile': {} } } },
    { manager: 'node', time: new Date(at).toISOString(), fieldsV1: { 'f:metadata': { 'f:annotations': { [`f:${MARK}`]: {} } } } },
  ];
};

describe('a query log in the cluster', () => {
  test('is overdue a little behind its end, so that its own order ends it first; one question tells', async () => {
    world.port.calls.length = 0;
    expect(await overdue(END + 19_000)).toBeNull();
    expect(world.port.calls).toEqual(['get /api/v1/namespaces/kube-system/configmaps/coredns']);
    expect(await overdue(END + 20_000)).toMatchObject({ place: { configMap: 'coredns', key: 'Corefile' }, mark: { order } });
  });

  test('is overdue an hour behind the time that the API server wrote it at, whatever end it names', async () => {
    wroteAt(START - 50 * MINUTE);
    expect(await overdue(START + 10 * MINUTE)).toBeNull();
    expect(await overdue(START + 11 * MINUTE)).not.toBeNull();
  });

  test.each<[string, { since: number; endsAt: number }, number, boolean]>([
    ['within its time', { since: START, endsAt: END }, START + MINUTE, false],
    ['whose end is more than an hour away', { since: START, endsAt: START + 62 * MINUTE }, START + MINUTE, true],
    ['from the future', { since: START + 3 * MINUTE, endsAt: START + 10 * MINUTE }, START, true],
    ['from a clock that is a little ahead', { since: START + MINUTE, endsAt: START + 10 * MINUTE }, START, false],
    ['from long ago', { since: 0, endsAt: 1 }, START, true],
  ])('%s: over or not', (_what, mark, now, over) => {
    expect(isOver(mark, null, now)).toBe(over);
  });

  test('is ended from what stands there alone, byte for byte', async () => {
    world.now = END + MINUTE;
    const found = await overdue(world.now);
    expect(await endQueryLog(world.context({ endsAt: null }), found!, 'k8s-app=kube-dns')).toMatchObject({
      outcome: 'applied',
      says: 'The query log is off: the Corefile is as it was, byte for byte; all 2 CoreDNS pods have loaded it',
    });
    expect([world.text, world.mark, await overdue(world.now)]).toEqual([before, null, null]);
  });

  test('is ended around what somebody else has written meanwhile; where that cannot be, it stays and says what stands there', async () => {
    const found = await overdue(END + MINUTE);
    world.edit(after.replace('cache 30', 'cache 60'));
    expect(await endQueryLog(world.context(), found!, 'k8s-app=kube-dns')).toMatchObject({ outcome: 'applied' });
    expect(world.text).toBe(before.replace('cache 30', 'cache 60'));
    world.edit(after.replace('log . {', 'log . { # keep'));
    expect(await endQueryLog(world.context(), found!, 'k8s-app=kube-dns')).toMatchObject({
      outcome: 'refused',
      next: [expect.stringContaining('log . { # keep'), expect.stringContaining('kubectl -n kube-system edit configmap coredns')],
    });
  });

  test.each(['', '{', 'null', '[]', '{"order": 1}', `{"order": "${'x'.repeat(30_000)}"}`])(
    'is not one whose mark is %.20s',
    async (mark) => {
      expect(markIn(mark)).toBeNull();
      world.annotations[MARK] = mark;
      expect(await overdue(END + MINUTE)).toBeNull();
    },
  );

  test('is none where there is no mark or no ConfigMap; what cannot be read is a Failure', async () => {
    world.annotations = {};
    expect(await overdue(END + MINUTE)).toBeNull();
    world.edit(null);
    expect(await overdue(END + MINUTE)).toBeNull();
    world.beforeRead = () => {
      throw new Failure('forbidden', 'no');
    };
    await expect(overdue(END + MINUTE)).rejects.toThrow('no');
  });
});
