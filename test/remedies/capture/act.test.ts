import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import { capturePackets } from '../../../src/remedies/capture/act.ts';
import type { FileSink } from '../../../src/remedies/remedy.ts';
import { captureData, CaptureWorld, point } from './capture-world.ts';

const client = point('c1', 'n1', { role: 'client', label: 'shop/cart' });
const host = point('n1', 'n1', { role: 'node', label: 'n1', pod: null, addresses: ['172.30.0.11'] });
const points = [client, host, point('s1', 'n1'), point('s2', 'n2')];

describe('a capture', () => {
  let world: CaptureWorld;
  beforeEach(() => {
    world = new CaptureWorld();
    world.running(points);
  });
  afterEach(() => world.forget());

  const ended = (id: string) => world.steps.filter((step) => step.id === id && step.state !== 'running').at(-1);

  test('captures at each point, sends marked queries, and reads every file once', async () => {
    const kept = new Map<string, string>();
    const keepFile = (name: string): FileSink => ({
      write: (chunk) => void kept.set(name, (kept.get(name) ?? '') + Buffer.from(chunk).toString()),
      close: () => undefined,
    });
    const acted = await capturePackets(
      world.context({ capturing: { pods: world.pods(), analyse: world.analyse, keepFile } }),
      captureData(points),
    );
    expect(acted).toMatchObject({
      outcome: 'applied',
      undoable: false,
      says: 'DNS packets went both ways at every point that was captured',
    });
    const files = [...world.heard.files.values()];
    expect(files.map(({ point: { id }, bytes, dropped, ended: isWhole }) => [id, bytes, dropped, isWhole])).toEqual(
      ['c1', 'n1', 's1', 's2'].map((id) => [id, 'the packets\n', 2, true]),
    );
    expect(files.every(({ until }) => until !== null && Math.abs(until - Date.now()) < 10_000)).toBe(true);
    expect(world.heard.sent).toHaveLength(25);
    expect(world.heard.sent.every(({ answered, point: at }) => answered && at === 'c1')).toBe(true);
    expect([...kept.keys()]).toEqual([
      'c1-shop_cart.pcap',
      'n1-n1.pcap',
      's1-kube-system_coredns-s1.pcap',
      's2-kube-system_coredns-s2.pcap',
    ]);
    expect(new Set(kept.values())).toEqual(new Set(['the packets\n']));
    expect(world.wrote.map(({ object, how }) => `${object.name} ${how}`).toSorted()).toEqual(['capture-n1 created', 'capture-n2 created']);
    expect(world.steps.filter(({ state }) => state === 'failed')).toEqual([]);
  });

  test('looks in the network of a node only at those who ask and answer, in that of a pod at all', async () => {
    await capturePackets(world.context(), captureData(points, { endpoints: ['10.0.0.12'], filter: 'udp' }));
    const filters = world.asked().map((asked) => asked.at(-1) ?? '');
    const narrowed = filters.filter((filter) => filter.includes('host '));
    expect(filters).toHaveLength(4);
    expect(narrowed).toHaveLength(1);
    expect(narrowed[0]).toContain('(host 10.0.0.11 or host 10.0.0.12)');
    expect(filters.every((filter) => filter.endsWith(' and (udp)'))).toBe(true);
  });

  test('enters the network of a client of ours by its uid, and knows it by its address', async () => {
    world.process('n1', 200, '/pod1234abcd-0000-4000-8000-0000000000ff', '10.0.0.99');
    const own = point('c1', 'n1', { role: 'client', label: 'probe pod on n1', pod: null, addresses: [] });
    const acted = await capturePackets(world.context(), captureData([own, host, point('s1', 'n1')]));
    expect(acted.outcome).toBe('applied');
    expect(world.heard.files.get('c1')?.point).toMatchObject({ label: 'probe pod on n1', addresses: ['10.0.0.99'] });
    expect(world.asked().some((asked) => asked.at(-1)?.includes('host 10.0.0.99') === true)).toBe(true);
    expect(world.digs()).toHaveLength(25);
  });

  describe('from inside the pods', () => {
    const own = point('c1', 'n1', { role: 'client', label: 'probe pod on n1', pod: null, addresses: [] });
    const data = captureData([own, point('s1', 'n1')], { way: 'pod' });

    test('enters nothing: each captures its own network, and a client of ours only asks', async () => {
      const acted = await capturePackets(world.context(), data);
      expect(acted.outcome).toBe('applied');
      expect([...world.heard.files.keys()]).toEqual(['s1']);
      expect(world.heard.sent).toHaveLength(25);
      expect(world.scripts.every((script) => !script.includes('nsenter -t 1 ') && !script.includes('pid=$(pid_of'))).toBe(true);
      expect(world.wrote.map(({ how }) => how).toSorted()).toEqual(['created', 'patched']);
    });

    test('goes on with what a worker began that died', async () => {
      const capturing = { pods: world.pods(), analyse: world.analyse };
      const dead = world.context({
        capturing,
        say: ({ id, state }) => {
          if (id === 'capture-wait' && state === 'running') throw new Error('killed');
        },
      });
      await expect(capturePackets(dead, data)).rejects.toThrow('killed');
      expect((await capturePackets(world.context({ capturing }), data)).outcome).toBe('applied');
      expect([world.asked().length, world.digs().length]).toEqual([1, 25]);
    });
  });

  test('tells a point that fails, and goes on at the others', async () => {
    const gone = point('s2', 'n2', { pod: { ...point('s2', 'n2').pod!, uid: 'aaaaaaaa-0000-4000-8000-000000000000' } });
    const acted = await capturePackets(world.context(), captureData([client, gone]));
    expect(acted.outcome).toBe('applied');
    expect(acted.says).toContain('kube-system/coredns-s2: no process of the pod is on this node');
    expect([...world.heard.files.keys()]).toEqual(['c1']);
    expect(ended('capture-begin')).toMatchObject({ state: 'failed' });
  });

  test('fails with the reason of each point where nothing can be captured', async () => {
    world.tool('no-rights', '');
    const acted = await capturePackets(world.context(), captureData([client, point('s2', 'n2')]));
    expect(acted.outcome).toBe('failed');
    expect(acted.says).toMatch(
      /^nothing could be captured: shop\/cart: eth0: You don't have permission.*; kube-system\/coredns-s2: eth0: You/,
    );
    expect(acted.capture).toBeUndefined();
  });

  test('fails with what the API server says where no pod can be started', async () => {
    world.refusal = new Failure('forbidden', 'PodSecurity refuses the capture pod');
    const acted = await capturePackets(world.context(), captureData([client]));
    expect(acted).toMatchObject({ outcome: 'failed', says: 'nothing could be captured: shop/cart: PodSecurity refuses the capture pod' });
    expect(world.wrote).toEqual([]);
  });

  test('goes on with what a worker began that died: nothing is begun or sent twice', async () => {
    const dead = world.context({
      say: ({ id, state }) => {
        if (id === 'capture-wait' && state === 'running') throw new Error('killed');
      },
    });
    await expect(capturePackets(dead, captureData(points))).rejects.toThrow('killed');
    const [begun, sent] = [world.asked().length, world.digs().length];
    expect([begun, sent]).toEqual([4, 25]);
    const acted = await capturePackets(world.context(), captureData(points));
    expect(acted.outcome).toBe('applied');
    expect([world.asked().length, world.digs().length]).toEqual([begun, sent]);
    expect(world.heard.sent).toHaveLength(25);
    expect([...world.heard.files.values()].every(({ bytes, ended: isWhole }) => isWhole && bytes === 'the packets\n')).toBe(true);
  });

  test('begins anew where a worker died before anything was sent', async () => {
    const dead = world.context({
      say: ({ id, state }) => {
        if (id === 'capture-send' && state === 'running') throw new Error('killed');
      },
    });
    await expect(capturePackets(dead, captureData(points))).rejects.toThrow('killed');
    const acted = await capturePackets(world.context(), captureData(points));
    expect(acted.outcome).toBe('applied');
    expect(world.asked()).toHaveLength(8);
    expect(world.digs()).toHaveLength(25);
  });

  test('reads a file once more that broke off, and gives it up after that', async () => {
    world.broken = 1;
    expect((await capturePackets(world.context(), captureData([client]))).outcome).toBe('applied');
    expect(world.heard.files.get('c1')).toMatchObject({ bytes: 'the packets\n', ended: true });
    world.broken = 2;
    const acted = await capturePackets(world.context({ change: 'd'.repeat(32) }), captureData([point('s2', 'n2')]));
    expect(acted).toMatchObject({ outcome: 'failed', says: expect.stringContaining('the stream broke off') });
  });

  test('says of each file that is kept whether all of it has come', async () => {
    const closed: boolean[] = [];
    const keepFile = (): FileSink => ({ write: () => undefined, close: (whole) => void closed.push(whole) });
    world.broken = 1;
    await capturePackets(world.context({ capturing: { pods: world.pods(), analyse: world.analyse, keepFile } }), captureData([client]));
    expect(closed).toEqual([false, true]);
  });

  test('that is stopped ends at once, and says what was captured until then', async () => {
    const data = captureData([client], { seconds: 120 });
    const acted = await capturePackets(
      world.context({
        say: ({ id, state }) => {
          if (id === 'capture-send' && state === 'ok') world.stopping.abort();
        },
      }),
      data,
    );
    expect(acted.outcome).toBe('stopped');
    expect(acted.capture).toBeDefined();
    world.stopping.abort();
    const scripts = world.scripts.length;
    expect(await capturePackets(world.context(), data)).toMatchObject({
      outcome: 'stopped',
      says: 'it was stopped before anything was captured',
    });
    expect(world.scripts).toHaveLength(scripts);
  });

  test('whose pod is deleted meanwhile says so', async () => {
    world.beforeScript = (script) => {
      if (script.includes('say node clock')) throw new Failure('missing', 'pods "capture-n1" not found');
    };
    const acted = await capturePackets(world.context(), captureData([client]));
    expect(acted).toMatchObject({ outcome: 'failed', says: 'nothing could be captured: shop/cart: pods "capture-n1" not found' });
  });

  test('without a dig in the image captures all the same, and says what is missing', async () => {
    world.tool('dig', '#!/bin/sh\nexit 127\n');
    const acted = await capturePackets(world.context(), captureData([client]));
    expect(acted.outcome).toBe('applied');
    expect(acted.says).toContain('No marked queries were sent: only what others asked was seen');
  });

  test('is refused where nothing is there to capture with', async () => {
    const context = world.context();
    delete context.capturing;
    expect(await capturePackets(context, captureData([client]))).toMatchObject({ outcome: 'refused' });
  });
});
