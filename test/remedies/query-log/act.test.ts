import { beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import { switchOn } from '../../../src/remedies/query-log/act.ts';
import { MARK } from '../../../src/remedies/query-log/mark.ts';
import { switchOff } from '../../../src/remedies/query-log/off.ts';
import { after, before, data, order, QueryWorld, START } from './query-world.ts';

let world: QueryWorld;
beforeEach(() => {
  world = new QueryWorld();
});

const noAnswer = new Failure('timeout', 'no answer came');

/** Does it at the first write only. */
const once = (does: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    does();
  };
};
const throws = (error: Error) => (): never => {
  throw error;
};
const patches = (): number => world.port.calls.filter((call) => call.startsWith('patch')).length;
const off = () => switchOff(world.context(), data, { madeAt: START - 60_000 });

describe('the query log is switched on', () => {
  test('with a mark of its end, and every pod is seen to have loaded it', async () => {
    expect(await switchOn(world.context(), data)).toEqual({
      outcome: 'applied',
      says: 'All 2 CoreDNS pods log queries now, until 03:15 UTC',
      next: [],
      undoable: true,
    });
    expect(world.text).toBe(after);
    expect(world.mark).toMatchObject({ order, since: START, endsAt: START + 900_000, key: 'Corefile', classes: 'denial error' });
    expect(world.now).toBeGreaterThanOrEqual(START + 40_000);
    expect(world.steps.at(-1)).toBe('Waiting until CoreDNS has loaded it: 2 of 2 pods');
    expect(world.wrote.map(({ object, how }) => [object.name, how])).toEqual([['coredns', 'patched']]);
  });

  test('once: where a worker died behind the write, the next one waits for the pods', async () => {
    world.edit(after, { [MARK]: JSON.stringify({ ...markText(), since: START }) });
    world.now += 100_000;
    expect(await switchOn(world.context({ endsAt: START + 999_000 }), data)).toMatchObject({
      outcome: 'applied',
      says: 'All 2 CoreDNS pods log queries now, until 03:15 UTC',
    });
    expect(patches()).toBe(0);
  });

  test('also where the answer was lost, or somebody wrote something else into the ConfigMap at the same moment', async () => {
    world.afterWrite = once(throws(noAnswer));
    expect(await switchOn(world.context(), data)).toMatchObject({ outcome: 'applied', undoable: true });
    expect([patches(), world.wrote.length]).toEqual([1, 1]);

    world = new QueryWorld();
    world.beforeWrite = once(() => world.edit(before));
    expect(await switchOn(world.context(), data)).toMatchObject({ outcome: 'applied' });
    expect([patches(), world.text]).toEqual([2, after]);
  });

  test('or may be: where no answer comes, nor to the question what stands there, it is to be undone', async () => {
    world.afterWrite = () => {
      world.beforeRead = throws(noAnswer);
      throw noAnswer;
    };
    expect(await switchOn(world.context(), data)).toMatchObject({
      outcome: 'failed',
      says: 'whether ConfigMap kube-system/coredns was written is not known: no answer came',
      undoable: true,
    });
  });

  test.each<[string, () => void, RegExp]>([
    ['somebody has edited the Corefile', () => world.edit(`${before}# mine\n`), /^somebody has edited the Corefile since/],
    ['the Corefile is gone', () => world.edit(null), /^somebody has edited/],
    ['another order logs queries', () => world.edit(before, { [MARK]: JSON.stringify(markText('d'.repeat(32))) }), /^another order logs/],
    ['no pod is ready', () => world.pods.forEach((pod) => (pod.ready = false)), /^no CoreDNS pod is ready any more/],
    [
      'a reload has failed',
      () => world.pods[1]!.lines.push({ at: START - 1_000, text: '[ERROR] plugin/reload: Corefile changed but reload failed: plugin/x' }),
      /^the last reload of coredns-b failed: plugin\/x/,
    ],
    [
      'a pod runs another text',
      () =>
        world.pods[0]!.lines.push({ at: START - 1_000, text: `[INFO] plugin/reload: Running configuration SHA512 = ${'0'.repeat(128)}` }),
      /^coredns-a runs another Corefile/,
    ],
  ])('not where %s meanwhile', async (_what, meanwhile, says) => {
    meanwhile();
    const { outcome, says: said, undoable } = await switchOn(world.context(), data);
    expect({ outcome, undoable }).toEqual({ outcome: 'refused', undoable: false });
    expect(said).toMatch(says);
    expect(patches()).toBe(0);
  });

  test('not where it was stopped before, nor where the lease is lost', async () => {
    const lost = switchOn(world.context({ mayWrite: throws(new Error('the lease is lost')) }), data);
    await expect(lost).rejects.toThrow('the lease is lost');
    world.stopping.abort();
    expect(await switchOn(world.context(), data)).toMatchObject({ outcome: 'stopped', undoable: false });
    expect(patches()).toBe(0);
  });

  test('and off again at once where a pod refuses it', async () => {
    world.reloadFails = 'plugin/log: unknown class';
    expect(await switchOn(world.context(), data)).toMatchObject({
      outcome: 'failed',
      says: 'coredns-a did not take the Corefile (unknown class); it was taken out again',
      undoable: false,
    });
    expect([world.text, world.mark]).toEqual([before, null]);
  });

  test('and it says which pods have not loaded it after three minutes, and which had not when it was stopped', async () => {
    world.pods[1]!.loads = false;
    expect(await switchOn(world.context(), data)).toMatchObject({
      outcome: 'failed',
      says: 'the Corefile is written, but after three minutes coredns-b had not loaded it',
      undoable: true,
    });
    world = new QueryWorld();
    world.afterWrite = () => world.stopping.abort();
    expect(await switchOn(world.context(), data)).toMatchObject({
      outcome: 'stopped',
      says: 'the Corefile is written, until 03:15 UTC; coredns-a, coredns-b had not loaded it yet',
      undoable: true,
    });
  });

  test('a pod that was flooded with queries is still seen to have loaded it', async () => {
    for (let at = 0; at < 5_000; at += 1)
      world.query(0, START - 100_000 + at, `10.0.0.9:1 - 1 "A IN a. udp 1 false 512" NOERROR qr 1 0.1s`);
    for (let at = 0; at < 9_000; at += 1) world.query(0, START + 40_000 + at, `10.0.0.9:1 - 1 "A IN a. udp 1 false 512" NOERROR qr 1 0.1s`);
    expect(await switchOn(world.context(), data)).toMatchObject({ outcome: 'applied' });
  });
});

const markText = (id = order) => ({
  order: id,
  since: START,
  endsAt: START + 900_000,
  key: 'Corefile',
  classes: data.classes,
  logged: data.logged,
  inserted: data.inserted,
  before: 'x',
  after: 'y',
});

describe('the query log is switched off', () => {
  beforeEach(async () => {
    await switchOn(world.context(), data);
  });

  test('byte for byte, without the mark, and every pod is seen to have loaded that', async () => {
    const { lines, queries, ...acted } = await off();
    expect(acted).toEqual({
      outcome: 'applied',
      says: 'The query log is off: the Corefile is as it was, byte for byte; all 2 CoreDNS pods have loaded it',
      next: [],
      undoable: false,
    });
    expect([world.text, world.mark, lines, queries?.lines]).toEqual([before, null, [], 0]);
  });

  test('once, however often it is asked for', async () => {
    await off();
    expect(await off()).toMatchObject({ outcome: 'applied', undoable: false });
    expect(patches()).toBe(2);
  });

  test('also where the answer is lost', async () => {
    world.afterWrite = once(throws(noAnswer));
    expect(await off()).toMatchObject({ outcome: 'applied' });
    expect([patches(), world.wrote.length, world.text]).toEqual([2, 2, before]);
  });

  test('around what somebody else has written, and it waits for the pods to load just that', async () => {
    world.edit(after.replace('cache 30', 'cache 60'));
    expect((await off()).says).toBe(
      "The query log is off: somebody has edited the Corefile meanwhile: only the bot's lines were taken out; all 2 CoreDNS pods have loaded it",
    );
    expect(world.text).toBe(before.replace('cache 30', 'cache 60'));
    expect(world.pods[0]!.lines.at(-1)!.text).toContain(corefileSha512(world.text!));
  });

  test('also where somebody has taken our lines out: then the mark goes', async () => {
    world.edit(before.replace('cache 30', 'cache 60'));
    expect(await off()).toMatchObject({ outcome: 'applied' });
    expect([world.text, world.mark]).toEqual([before.replace('cache 30', 'cache 60'), null]);
  });

  test.each<[string, string | null, RegExp]>([
    ['our lines cannot be told from theirs', after.replace('class denial error', 'class all'), /cannot be told from theirs$/],
    ['the Corefile does not parse', `${after}}\n{`, /does not parse \(line \d+/],
    ['the Corefile is gone', null, /^the Corefile is gone from its ConfigMap$/],
  ])('not where %s: what stands there is said, and stays', async (_what, text, says) => {
    world.edit(text);
    const acted = await off();
    expect(acted).toMatchObject({ outcome: 'refused', undoable: false, says: expect.stringMatching(says) });
    expect(acted.next[0]).toMatch(/^There stands now: /);
    expect(world.text).toBe(text);
  });

  test('and what was logged since it began is summed up: of all pods, also from before a restart', async () => {
    const at = world.now + 1_000;
    world.query(0, START - 60_000, '10.0.0.1:1 - 1 "A IN old.example. udp 40 false 512" NXDOMAIN qr 100 0.001s');
    world.query(0, at, '10.0.0.1:1 - 1 "A IN nope.example. udp 40 false 512" NXDOMAIN qr,rd,ra 100 0.7s');
    world.query(1, at, '10.0.0.1:1 - 2 "AAAA IN nope.example. udp 40 false 512" - - 0 2.000512s');
    world.query(1, at, '10.0.0.2:1 - 2 "A IN what is this');
    world.query(1, at, '10.0.0.8:1 - 2 "A IN dns-medic-x.example. udp 40 false 512" NXDOMAIN qr,rd,ra 100 0.001s');
    world.query(1, at, '10.0.0.8:1 - 2 "A IN nope.example. udp 40 false 512" NXDOMAIN qr,rd,ra 100 0.001s');
    world.pods[1]!.restarts = 1;
    world.pods[1]!.previous.push({ at, text: '[INFO] 10.0.0.3:1 - 1 "A IN gone.example. udp 40 false 512" NXDOMAIN qr 100 0.001s' });
    world.pods[0]!.lines.push({ at, text: '[ERROR] plugin/errors: 2 nope.example. A: read udp 10.0.0.9:1->10.0.0.2:53: i/o timeout' });
    world.now = at + 1_000;
    const { queries, lines = [] } = await off();
    expect(queries).toMatchObject({
      lines: 3,
      rcodes: { NXDOMAIN: 2, '-': 1 },
      clients: [
        { address: '10.0.0.1', queries: 2 },
        { address: '10.0.0.3', queries: 1 },
      ],
      slow: [
        { name: 'nope.example.', type: 'AAAA', rcode: '-', ms: 2001 },
        { name: 'nope.example.', type: 'A', rcode: 'NXDOMAIN', ms: 700 },
      ],
      unreadable: 1,
      searchShare: null,
      cut: false,
    });
    expect(queries!.errors).toEqual([{ message: expect.stringContaining('i/o timeout'), count: 1 }]);
    expect(lines).toHaveLength(4);
    expect(lines.join()).not.toMatch(/old\.example|10\.0\.0\.8/);
  });
});
