import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import type { Json } from '../../../src/cluster/port.ts';
import { replacePods } from '../../../src/remedies/pods/replace-pods.ts';
import { CorednsWorld } from './coredns-world.ts';

const act = (world: CorednsWorld, over: Parameters<CorednsWorld['gates']>[0] = {}) =>
  replacePods(world.context(), { pods: world.planned(), gates: world.gates(over) });

describe('pods are replaced one after the other', () => {
  test('each is put aside, its replacement answers, and only then is it evicted', async () => {
    const world = new CorednsWorld(2);
    expect(await act(world)).toMatchObject({ outcome: 'applied', undoable: false });
    expect(world.writes).toEqual(['aside coredns-1', 'evict coredns-1', 'aside coredns-2', 'evict coredns-2']);
    expect(world.pods.map(({ name }) => name)).toEqual(['coredns-3', 'coredns-4']);
    expect(world.fewestServing).toBe(1);
  });

  test('of three pods two serve all the time', async () => {
    const world = new CorednsWorld(3);
    expect((await act(world)).outcome).toBe('applied');
    expect(world.fewestServing).toBe(2);
  });

  test('where a pod cannot be put aside it is evicted at once, and the next one waits until it is gone', async () => {
    const world = new CorednsWorld(2);
    const evictedAt: number[] = [];
    world.onRequest = (what) => void (what.endsWith('/eviction') && evictedAt.push(world.now));
    expect((await act(world, { aside: {} })).outcome).toBe('applied');
    expect(world.writes).toEqual(['evict coredns-1', 'evict coredns-2']);
    expect(evictedAt[1]! - evictedAt[0]!).toBeGreaterThanOrEqual(world.lameduckMs);
  });

  test('one that does not serve is not put aside first', async () => {
    const world = new CorednsWorld(2);
    world.pods[0]!.readyAt = Infinity;
    const [sick] = world.planned();
    world.allowed = 1;
    const acted = await replacePods(world.context(), { pods: [sick!], gates: world.gates() });
    expect(acted).toMatchObject({ outcome: 'applied', says: 'pod coredns-1 was replaced, and the new one answers' });
    expect(world.writes).toEqual(['evict coredns-1']);
  });

  test('stopped in between, the pod at hand is brought to its end and the next one stays', async () => {
    const world = new CorednsWorld(2);
    world.onRequest = (what) => void (what.startsWith('PATCH') && world.stopping.abort());
    const acted = await act(world);
    expect(acted).toMatchObject({ outcome: 'stopped', undoable: false });
    expect(acted.says).toContain('1 of 2 pods was replaced');
    expect(world.writes).toEqual(['aside coredns-1', 'evict coredns-1']);
  });
});

test('stopped while the others are still being asked, no pod is touched', async () => {
  const world = new CorednsWorld(2);
  world.onRequest = (what) => void (what.includes('/configmaps/') && world.stopping.abort());
  expect(await act(world)).toMatchObject({ outcome: 'stopped', says: 'it was stopped. No pod was replaced' });
  expect(world.writes).toEqual([]);
});

describe('nothing is touched while that could do harm', () => {
  const expectUntouched = async (world: CorednsWorld, change: () => void, says: RegExp) => {
    const [pods, gates] = [world.planned(), world.gates()];
    change();
    const acted = await replacePods(world.context(), { pods, gates });
    expect(acted).toMatchObject({ outcome: 'refused', undoable: false });
    expect(acted.says).toMatch(says);
    expect(world.writes).toEqual([]);
  };

  test('the Deployment or the Corefile is another than the one that was planned on', async () => {
    const [one, other] = [new CorednsWorld(), new CorednsWorld()];
    await expectUntouched(one, () => (one.generation = 2), /somebody has changed Deployment coredns/);
    await expectUntouched(other, () => (other.corefile += '# by hand\n'), /somebody has changed the Corefile/);
  });

  test('the Corefile does not parse, even where that was so when it was planned', async () => {
    const world = new CorednsWorld();
    world.corefile = '.:53 {\n  errors\n';
    await expectUntouched(world, () => undefined, /does not parse/);
  });

  test('a pod that was ready is not any more', async () => {
    const world = new CorednsWorld(3);
    await expectUntouched(world, () => (world.pods[2]!.readyAt = Infinity), /pod coredns-3 is not ready any more/);
  });

  test('the only other pod that is ready does not answer', async () => {
    const world = new CorednsWorld();
    await expectUntouched(world, () => (world.pods[1]!.answers = false), /no other CoreDNS pod answers/);
  });

  test('a budget allows none, and goes on to after a while', async () => {
    const world = new CorednsWorld();
    const began = world.now;
    await expectUntouched(world, () => (world.allowed = 0), /may not be evicted: Cannot evict pod/);
    expect(world.now - began).toBeGreaterThan(30_000);
    expect(world.steps.some((step) => step.includes('waiting for its PodDisruptionBudget'))).toBe(true);
  });

  test('no place can ask a pod', async () => {
    const world = new CorednsWorld();
    const context = world.context();
    context.probes.start = () => Promise.reject(new Failure('forbidden', 'pods may not be made', { allow: 'create pods' }));
    const acted = await replacePods(context, { pods: world.planned(), gates: world.gates() });
    expect(acted).toMatchObject({ outcome: 'failed' });
    expect(acted.says).toContain('no pod can be asked for a name: pods may not be made');
    expect(world.writes).toEqual([]);
  });
});

describe('a regression ends it there', () => {
  test('a replacement that does not become ready: the old pod is put back', async () => {
    const world = new CorednsWorld();
    world.successor = { readyAt: Infinity };
    const acted = await act(world);
    expect(acted.outcome).toBe('failed');
    expect(acted.says).toMatch(/coredns-3 is not ready yet.*the old pod coredns-1 was put back and serves again/);
    expect(world.writes).toEqual(['aside coredns-1', 'back coredns-1']);
    world.now += 60_000;
    world.settle();
    expect(world.pods.map(({ name }) => name)).toEqual(['coredns-1', 'coredns-2']);
  });

  test('a replacement that crashes is not waited for', async () => {
    const world = new CorednsWorld();
    world.successor = { crashing: true };
    const began = world.now;
    const acted = await act(world);
    expect(acted.says).toMatch(/the new pod coredns-3 crashes.*was put back/);
    expect(world.now - began).toBeLessThan(20_000);
  });

  test('a replacement that is ready and does not answer', async () => {
    const world = new CorednsWorld();
    world.successor = { answers: false };
    expect((await act(world)).says).toMatch(/coredns-3 does not answer as it should/);
    expect(world.writes).toEqual(['aside coredns-1', 'back coredns-1']);
  });

  test('an old pod that does not answer either is not put back', async () => {
    const world = new CorednsWorld();
    world.pods[0]!.answers = false;
    world.successor = { readyAt: Infinity };
    expect((await act(world)).says).toContain('the old pod coredns-1 runs on, but out of the Service');
    expect(world.writes).toEqual(['aside coredns-1']);
  });

  test('another pod stops answering meanwhile', async () => {
    const world = new CorednsWorld();
    world.startMs = 20_000;
    world.onRequest = (what) => void (what.startsWith('PATCH') && (world.pods[1]!.answers = false));
    expect((await act(world)).says).toMatch(/pod coredns-2 has stopped answering.*was put back/);
  });

  test('another pod is not ready any more meanwhile', async () => {
    const world = new CorednsWorld(3);
    world.startMs = 20_000;
    world.onRequest = (what) => void (what.startsWith('PATCH') && (world.pods[1]!.readyAt = Infinity));
    expect((await act(world)).says).toMatch(/pod coredns-2, which was not to be touched now, does not serve any more/);
  });
});

describe('a worker that died in the middle is gone on for', () => {
  /** Dies at the given request, and another one begins again with the same plan. */
  async function killedAt(world: CorednsWorld, at: RegExp, when: 'before' | 'after', over = {}) {
    const [pods, gates] = [world.planned(), world.gates(over)];
    let isDead = false;
    const context = world.context();
    const dying =
      <A extends unknown[], R>(call: (...args: A) => Promise<R>, verb: string) =>
      async (...args: A): Promise<R> => {
        if (isDead) throw new Error('killed');
        const isIt = at.test(`${verb} ${String(args[0])} ${JSON.stringify(args[1] ?? {})}`);
        if (isIt && when === 'before') isDead = true;
        if (isDead) throw new Error('killed');
        const answer = await call(...args);
        if (isIt) isDead = true;
        if (isDead) throw new Error('killed');
        return answer;
      };
    const { port } = context;
    const killable = {
      ...port,
      create: dying((path: string, body: Json) => port.create(path, body), 'POST'),
      patch: dying((path: string, body: Json, type: string) => port.patch(path, body, type), 'PATCH'),
      get: dying((path: string) => port.get(path), 'GET'),
      list: dying((path: string) => port.list(path), 'LIST'),
    };
    await expect(replacePods({ ...context, port: killable }, { pods, gates })).rejects.toThrow('killed');
    return () => replacePods(world.context(), { pods, gates });
  }

  test.each([
    ['before the first is put aside', /^PATCH/, 'before'],
    ['after the first was put aside', /^PATCH/, 'after'],
    ['before the first is evicted', /^POST(?!.*dryRun)/, 'before'],
    ['after the first was evicted', /^POST(?!.*dryRun)/, 'after'],
    ['before the second is put aside', /^PATCH.*coredns-2/, 'before'],
    ['after the second was put aside', /^PATCH.*coredns-2/, 'after'],
  ] as const)('%s', async (_when, at, when) => {
    const world = new CorednsWorld();
    const again = await killedAt(world, at, when);
    expect((await again()).outcome).toBe('applied');
    expect(world.writes).toEqual(['aside coredns-1', 'evict coredns-1', 'aside coredns-2', 'evict coredns-2']);
    expect(world.fewestServing).toBe(1);
  });

  test('after an eviction without putting aside', async () => {
    const world = new CorednsWorld();
    const again = await killedAt(world, /^POST/, 'after', { aside: {} });
    expect((await again()).outcome).toBe('applied');
    expect(world.writes).toEqual(['evict coredns-1', 'evict coredns-2']);
  });

  test.each(['PATCH', 'POST'])('an answer to a %s that got lost is looked for', async (verb) => {
    const world = new CorednsWorld();
    const context = world.context();
    const losing =
      (call: (path: string, body: Json) => Promise<Json>) =>
      async (path: string, body: Json): Promise<Json> => {
        const answer = await call(path, body);
        // one that was only tried has changed nothing
        if (body['deleteOptions']?.dryRun !== undefined) return answer;
        throw new Failure('timeout', 'no answer came in 10 s');
      };
    const port =
      verb === 'PATCH'
        ? { patch: losing((path, body) => context.port.patch(path, body, '')) }
        : { create: losing((path, body) => context.port.create(path, body)) };
    const replacement = { pods: world.planned(), gates: world.gates() };
    expect((await replacePods({ ...context, port: { ...context.port, ...port } }, replacement)).outcome).toBe('applied');
    expect(world.writes).toEqual(['aside coredns-1', 'evict coredns-1', 'aside coredns-2', 'evict coredns-2']);
  });

  test('where no answer came and nothing happened, nothing was done', async () => {
    const world = new CorednsWorld();
    const context = world.context();
    const create = () => Promise.reject(new Failure('timeout', 'no answer came in 10 s'));
    const acted = await replacePods({ ...context, port: { ...context.port, create } }, { pods: world.planned(), gates: world.gates() });
    expect(acted).toMatchObject({ outcome: 'refused', undoable: false });
    expect(acted.says).toContain('no answer came in 10 s');
  });
});
