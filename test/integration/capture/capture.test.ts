import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CAPTURE_LEASES } from '../../../src/cluster/change-lease.ts';
import { connect, type ConnectedCluster } from '../../../src/cluster/connect.ts';
import type { Json } from '../../../src/cluster/port.ts';
import type { CaptureReport } from '../../../src/domain/capture.ts';
import { busybox, kubeconfig, onCluster } from '../check/lab/cluster.ts';
import { CAPTURES, ordered, performed, PROBES, proposed, targetOf } from './engine.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const target = targetOf(kubeconfig);

const waysBetween = ({ ways }: CaptureReport, kind: string) => ways.filter((way) => way.kind === kind && way.client.point !== null);

onCluster('a capture on a real cluster', () => {
  let cluster: ConnectedCluster;
  let directory: string;

  const podsIn = async (namespace: string | undefined): Promise<Json[]> => {
    const { items } = await cluster.list(`/api/v1/namespaces/${namespace}/pods`);
    return items.filter((pod) => pod['metadata'].deletionTimestamp === undefined);
  };
  /** Deleted pods take a moment to be gone. */
  const nothingLeft = async (): Promise<string[]> =>
    [...(await podsIn(CAPTURES)), ...(await podsIn(PROBES))].map((pod) => String(pod['metadata'].name));

  const removeCaptures = async (): Promise<void> => {
    for (const pod of await podsIn(CAPTURES))
      await cluster.delete(`/api/v1/namespaces/${CAPTURES}/pods/${String(pod['metadata'].name)}`, { gracePeriodSeconds: '0' });
  };

  beforeAll(async () => {
    cluster = await connect({ kind: 'kubeconfig', file: kubeconfig, context: null }, process.env);
    directory = mkdtempSync(join(tmpdir(), 'dns-medic-test-'));
  });
  afterAll(async () => {
    for (const namespace of [CAPTURES, PROBES]) await cluster.delete(`/api/v1/namespaces/${namespace}`).catch(() => undefined);
    await cluster.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('sees all marked queries at the client and at the server, and leaves nothing behind', async () => {
    const files = new Map<string, number>();
    const keepFile = (name: string) => ({
      write: (chunk: Uint8Array) => void files.set(name, (files.get(name) ?? 0) + chunk.length),
      close: () => undefined,
    });
    const result = await performed(target, await ordered(target, {}), { keepFile });
    expect(result.outcome).toBe('applied');
    const report = result.capture!;
    expect(report.verdict.code).toBe('dns-ok');
    expect(report.points.map(({ role }) => role).toSorted()).toEqual(['client', 'client', 'node', 'node', 'server', 'server']);
    const ways = waysBetween(report, 'pod');
    expect(ways).toHaveLength(4);
    for (const { udp, tcp } of ways) {
      expect(udp).toEqual({ told: 25, sent: 25, arrived: 25, answered: 25, returned: 25, loss: 0 });
      expect(tcp).toEqual({ told: 5, sent: 5, arrived: 5, answered: 5, returned: 5, loss: 0 });
    }
    expect(waysBetween(report, 'cluster-ip').map(({ udp, marked }) => [udp.sent, udp.arrived, marked])).toEqual([
      [20, 20, 25],
      [20, 20, 25],
    ]);
    expect(new Set(files.values())).toEqual(new Set(report.points.map(({ file }) => file?.bytes)));
    expect(report.points.every(({ dropped, file }) => dropped === 0 && file?.cut === null)).toBe(true);
    expect(await nothingLeft()).toEqual([]);
  }, 90_000);

  test('of a named pod enters its network: the queries come from its own address', async () => {
    const { change, request } = await ordered(target, { pod: 'shop/cart', params: { coredns: 'all' } });
    const result = await performed(target, { change, request });
    const [client] = result.capture!.points.filter(({ role }) => role === 'client');
    expect(client?.label).toMatch(/^shop\/cart-/);
    const ways = waysBetween(result.capture!, 'pod');
    expect(ways.length).toBeGreaterThan(0);
    expect(ways.map(({ client: { address } }) => address)).toEqual(ways.map(() => client?.addresses[0]));
    expect(ways.every(({ udp }) => udp.loss === 0)).toBe(true);
  }, 90_000);

  test('goes on after a worker was killed in the middle: what it captured is read, nothing is sent twice or left behind', async () => {
    const order = await ordered(target, { params: { seconds: 8 } });
    const file = join(directory, 'order.json');
    writeFileSync(file, JSON.stringify({ target, order }));
    const dead = spawnSync(process.execPath, [here('dies.ts'), file], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect([dead.signal, dead.stderr.split('\n').filter((line) => /Error/.test(line))]).toEqual(['SIGKILL', []]);
    const before = (await podsIn(CAPTURES)).map((pod) => String(pod['metadata'].uid));
    expect(before).toHaveLength(2);
    const steps: string[] = [];
    const wrote: string[] = [];
    const result = await performed(target, order, {
      onStep: ({ id, state }) => void steps.push(`${id} ${state}`),
      onWrote: async ({ object }) => void wrote.push(object.name),
    });
    expect(result.outcome).toBe('applied');
    expect(wrote).toEqual([]);
    expect(steps.filter((step) => step.endsWith(' failed'))).toEqual([]);
    const marked = result.capture!.ways.filter(({ kind }) => kind === 'pod').map((way) => way.marked);
    expect(marked.filter((count) => count > 0)).toEqual([30, 30, 30, 30]);
    expect(await nothingLeft()).toEqual([]);
  }, 120_000);

  test('says what the image lacks', async () => {
    const bare = targetOf(kubeconfig, busybox);
    const result = await performed(bare, await ordered(bare, {}));
    expect(result.outcome).toBe('failed');
    expect(result.says).toContain('there is no tcpdump in the image');
    expect(result.capture ?? null).toBeNull();
    expect(await nothingLeft()).toEqual([]);
  }, 90_000);

  test('whose pods are deleted meanwhile says so, and does not hang', async () => {
    const began = Date.now();
    const result = await performed(target, await ordered(target, { params: { seconds: 60 } }), {
      onStep: ({ id, state }) => {
        if (id === 'capture-wait' && state === 'running') void removeCaptures();
      },
    });
    expect(result.outcome).toBe('failed');
    expect(result.says).toMatch(/nothing could be captured: .*(?:not found|gone)/);
    expect(Date.now() - began).toBeLessThan(100_000);
  }, 120_000);

  test('of a pod that is deleted meanwhile keeps what it had seen, and the other points', async () => {
    const namespace = `/api/v1/namespaces/${PROBES}`;
    const name = 'goes-away';
    await cluster.create(`${namespace}/pods`, {
      metadata: { name },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'idle', image: busybox, imagePullPolicy: 'IfNotPresent', command: ['sleep', '600'] }],
      },
    });
    for (let tries = 0; tries < 60; tries += 1) {
      if ((await cluster.get(`${namespace}/pods/${name}`))['status']?.phase === 'Running') break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const result = await performed(target, await ordered(target, { pod: `${PROBES}/${name}` }), {
      onStep: ({ id, state }) => {
        if (id === 'capture-wait' && state === 'running') void cluster.delete(`${namespace}/pods/${name}`, { gracePeriodSeconds: '0' });
      },
    });
    expect(result.outcome).toBe('applied');
    const client = result.capture!.points.find(({ role }) => role === 'client');
    expect(client).toMatchObject({ label: `${PROBES}/${name}` });
    expect(client?.queries).toBeGreaterThanOrEqual(75);
    expect(result.capture!.points.filter(({ role }) => role === 'server')).toHaveLength(2);
  }, 120_000);

  test('that is stopped ends at once, and its pods are gone', async () => {
    const stopping = new AbortController();
    const began = Date.now();
    const result = await performed(target, await ordered(target, { params: { seconds: 120 } }), {
      stopping: stopping.signal,
      onStep: ({ id, state }) => {
        if (id === 'capture-wait' && state === 'running') stopping.abort();
      },
    });
    expect(result.outcome).toBe('stopped');
    expect(result.capture).not.toBeNull();
    expect(Date.now() - began).toBeLessThan(40_000);
    expect(await nothingLeft()).toEqual([]);
  }, 90_000);

  test('that is broken off leaves no pods either', async () => {
    const ending = new AbortController();
    const result = performed(target, await ordered(target, { params: { seconds: 120 } }), {
      signal: ending.signal,
      onStep: ({ id, state }) => {
        if (id === 'capture-wait' && state === 'running') ending.abort(new Error('no more'));
      },
    });
    await expect(result).rejects.toThrow('no more');
    expect(await nothingLeft()).toEqual([]);
  }, 90_000);

  test('gives its Lease back', async () => {
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${CAPTURES}/leases`;
    const { items } = await cluster.list(leases);
    // the worker that was killed holds one until its time is over
    const names: readonly string[] = CAPTURE_LEASES;
    expect(items.every((lease) => names.includes(String(lease['metadata'].name)))).toBe(true);
    expect(items.some((lease) => (lease['spec'].holderIdentity ?? '') === '')).toBe(true);
  });

  test('with a filter that tcpdump does not understand fails with its words', async () => {
    const result = await performed(target, await ordered(target, { params: { filter: 'port port port' } }));
    expect(result.outcome).toBe('failed');
    expect(result.says).toMatch(/syntax error|can't parse filter expression/);
    expect(await nothingLeft()).toEqual([]);
  }, 90_000);

  test('where privileged pods are barred goes inside the pods, which is said to stay', async () => {
    const path = `/api/v1/namespaces/${CAPTURES}`;
    const enforce = (level: string) =>
      cluster.patch(path, { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } }, 'application/merge-patch+json');
    await enforce('baseline');
    try {
      const { proposal } = await proposed(target, {});
      const plan = 'plan' in proposal ? proposal.plan : null;
      expect(plan?.objects.map(({ does, object }) => `${does} ${object.namespace}`)).toEqual(['change kube-system', 'change kube-system']);
      expect(plan?.warnings.join(' ')).toMatch(/stays in their spec.*PodSecurity of namespace/);
    } finally {
      await enforce('privileged');
    }
  }, 60_000);
});
