import { beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import { putBack, restore } from '../../../src/remedies/restore-corefile/act.ts';
import { bad, CorefileWorld, good, restoreData } from './corefile-world.ts';

const byHand = `${bad}# by hand\n`;
const lostAnswer = new Failure('timeout', 'no answer came');

let world: CorefileWorld;
beforeEach(() => {
  world = new CorefileWorld();
});

/** Runs once, before or after the first write. */
const once = (does: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    does();
  };
};
const throws = (error: Error) => () => {
  throw error;
};

describe('the Corefile is restored', () => {
  test('and every pod is seen to run it', async () => {
    const acted = await restore(world.context(), restoreData());
    expect(acted).toEqual({
      outcome: 'applied',
      says: 'the Corefile in ConfigMap kube-system/coredns is written, and all 2 CoreDNS pods run it',
      next: [],
      undoable: true,
    });
    expect(world.text).toBe(good);
    expect(world.wrote).toEqual([
      { object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' }, how: 'patched', resourceVersion: '8' },
    ]);
    expect(world.now).toBeGreaterThanOrEqual(1_030_000);
    expect(world.steps).toContain('coredns-a on node-1 does not run it yet: it has not reloaded yet');
    expect(world.steps).toContain('coredns-a on node-1 runs the new Corefile');
  });

  test('again after a worker died: nothing is written twice', async () => {
    await restore(world.context(), restoreData());
    const again = await restore(world.context(), restoreData());
    expect(again).toMatchObject({ outcome: 'applied', undoable: true });
    expect(world.wrote).toHaveLength(1);
  });

  test('where somebody else wrote the ConfigMap at the same moment, and not its text', async () => {
    world.beforeWrite = once(() => world.edit(bad));
    expect(await restore(world.context(), restoreData())).toMatchObject({ outcome: 'applied' });
    expect(world.port.calls.filter((call) => call.startsWith('patch'))).toHaveLength(2);
    expect(world.text).toBe(good);
  });

  test('where the answer was lost and it was written', async () => {
    world.afterWrite = once(throws(lostAnswer));
    expect(await restore(world.context(), restoreData())).toMatchObject({ outcome: 'applied', undoable: true });
    expect(world.wrote.map(({ how, resourceVersion }) => [how, resourceVersion])).toEqual([['patched', '8']]);
    expect(world.port.calls.filter((call) => call.startsWith('patch'))).toHaveLength(1);
  });

  test('where the question was lost and it was not written', async () => {
    world.beforeWrite = once(throws(lostAnswer));
    expect(await restore(world.context(), restoreData())).toMatchObject({ outcome: 'applied' });
    expect(world.text).toBe(good);
  });

  test('or may be: where no answer comes, nor to the question what stands there, that is said, and it can be undone', async () => {
    const context = world.context();
    let isAway = false;
    const port = { ...world.port, get: (path: string) => (isAway ? Promise.reject(lostAnswer) : world.port.get(path)) };
    world.afterWrite = () => {
      isAway = true;
      throw lostAnswer;
    };
    expect(await restore({ ...context, port }, restoreData())).toMatchObject({
      outcome: 'failed',
      says: 'whether ConfigMap kube-system/coredns was written is not known: no answer came',
      undoable: true,
    });
  });

  test('where the ConfigMap is gone: it is made, and that cannot be undone', async () => {
    world.text = null;
    const data = restoreData({ before: null });
    expect(await restore(world.context(), data)).toMatchObject({ outcome: 'applied', undoable: false });
    expect(world.wrote.map(({ how }) => how)).toEqual(['created']);
    expect(world.text).toBe(good);
    expect(await putBack(world.context(), data)).toMatchObject({ outcome: 'refused', undoable: false });
  });
});

describe('nothing is written', () => {
  test('where somebody has edited the Corefile since', async () => {
    world.edit(byHand);
    const acted = await restore(world.context(), restoreData());
    expect(acted).toMatchObject({ outcome: 'refused', says: 'somebody has edited the Corefile since this was planned', undoable: false });
    expect(acted.next[0]).toMatch(/^There stands now: \.:53 \{ \/ {5}errors/);
    expect(world.text).toBe(byHand);
  });

  test('where somebody edits it at the same moment', async () => {
    world.beforeWrite = once(() => world.edit(byHand));
    expect(await restore(world.context(), restoreData())).toMatchObject({ outcome: 'refused' });
    expect(world.text).toBe(byHand);
    expect(world.wrote).toEqual([]);
  });

  test('where somebody deleted it, or made it again', async () => {
    world.text = null;
    expect(await restore(world.context(), restoreData())).toMatchObject({
      outcome: 'refused',
      says: 'ConfigMap kube-system/coredns has no Corefile any more',
    });
    world.text = byHand;
    expect(await restore(world.context(), restoreData({ before: null }))).toMatchObject({ outcome: 'refused' });
  });

  test('where the lease is lost, or somebody stopped it', async () => {
    const mayWrite = throws(new Failure('error', 'the lease is lost'));
    await expect(restore(world.context({ mayWrite }), restoreData())).rejects.toThrow('the lease is lost');
    world.stopping.abort();
    expect(await restore(world.context(), restoreData())).toMatchObject({ outcome: 'stopped', undoable: false });
    expect(world.text).toBe(bad);
  });

  test('where we may not, and after five races that were lost', async () => {
    world.beforeWrite = throws(new Failure('forbidden', 'no', { status: 403 }));
    await expect(restore(world.context(), restoreData())).rejects.toThrow('no');
    expect(world.port.calls.filter((call) => call.startsWith('patch'))).toHaveLength(1);
    world.beforeWrite = () => world.edit(bad);
    await expect(restore(world.context(), restoreData())).rejects.toThrow('modified');
    expect(world.port.calls.filter((call) => call.startsWith('patch'))).toHaveLength(6);
  });
});

describe('pods', () => {
  const failing = [{ namespace: 'kube-system', name: 'coredns-a', uid: 'uid-a', node: null }];

  test('that crash are evicted, and start with it at once', async () => {
    Object.assign(world.pods[0]!, { ready: false, crashing: true });
    expect(await restore(world.context(), restoreData({ failing }))).toMatchObject({ outcome: 'applied' });
    expect(world.wrote.map(({ how, object }) => `${how} ${object.name}`)).toEqual(['patched coredns', 'evicted coredns-a']);
  });

  test('that serve by now are left', async () => {
    await restore(world.context(), restoreData({ failing }));
    expect(world.wrote.map(({ how }) => how)).toEqual(['patched']);
  });

  test('that a budget keeps are left at once', async () => {
    Object.assign(world.pods[0]!, { ready: false });
    world.budget = new Failure('error', 'the budget', { status: 429 });
    const acted = await restore(world.context(), restoreData({ failing }));
    expect(world.steps).toContain('coredns-a is left to start again by itself: it may not be evicted now');
    expect(world.port.calls.filter((call) => call.endsWith('/eviction'))).toHaveLength(1);
    expect(acted).toMatchObject({ outcome: 'failed', undoable: true });
    expect(acted.says).toMatch(/in time not every pod had taken it over: coredns-a \(it is not ready\)/);
  });

  test('that crash and that a budget keeps are waited for as long as they may take to start again', async () => {
    Object.assign(world.pods[0]!, { ready: false, crashing: true });
    world.budget = new Failure('error', 'the budget', { status: 429 });
    const context = world.context();
    const pause = async (ms: number): Promise<void> => {
      await context.pause(ms);
      if (world.now > 1_290_000) Object.assign(world.pods[0]!, { ready: true, crashing: false });
    };
    expect(await restore({ ...context, pause }, restoreData({ failing }))).toMatchObject({ outcome: 'applied' });
    expect(world.steps).toContain('coredns-a is left to start again by itself: it may not be evicted now');
  });

  test('that have not taken it over when it is stopped are named', async () => {
    const context = world.context();
    const pause = async (ms: number): Promise<void> => {
      world.stopping.abort();
      await context.pause(ms);
    };
    const acted = await restore({ ...context, pause }, restoreData());
    expect(acted).toMatchObject({ outcome: 'stopped', undoable: true });
    expect(acted.says).toMatch(/is written, but when it was stopped not every pod had taken it over: coredns-a/);
  });

  test('that do not reload within three minutes are named', async () => {
    world.reloadMs = Infinity;
    const acted = await restore(world.context(), restoreData());
    expect(acted).toMatchObject({ outcome: 'failed', undoable: true });
    expect(acted.says).toMatch(/coredns-a \(it has not reloaded yet\), coredns-b/);
    expect(world.now).toBeLessThan(1_200_000);
  });
});

describe('undo', () => {
  test('puts the text back byte for byte', async () => {
    const before = { ...restoreData().before!, text: `${bad}\r\n\t# ende ö\n\n` };
    world.text = before.text;
    const data = restoreData({ before });
    await restore(world.context(), data);
    expect(world.text).toBe(good);
    expect(await putBack(world.context(), data)).toEqual({
      outcome: 'applied',
      says: 'the Corefile in ConfigMap kube-system/coredns is as it was, byte for byte; all 2 CoreDNS pods run it',
      next: [],
      undoable: false,
    });
    expect(world.text).toBe(before.text);
  });

  test('is refused where somebody has edited it since', async () => {
    await restore(world.context(), restoreData());
    world.edit(byHand);
    expect(await putBack(world.context(), restoreData())).toMatchObject({ outcome: 'refused' });
    expect(world.text).toBe(byHand);
  });

  test('does not wait for pods that would not start with it', async () => {
    const data = restoreData({ before: { text: bad, running: null, reloads: true } });
    await restore(world.context(), data);
    const began = world.now;
    expect((await putBack(world.context(), data)).says).toMatch(/byte for byte; whether CoreDNS takes it over cannot be proved/);
    expect(world.now).toBe(began);
  });
});
