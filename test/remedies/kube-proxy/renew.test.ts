import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../src/cluster/port.ts';
import { renewKubeProxy } from '../../../src/remedies/kube-proxy/renew.ts';
import type { ActContext } from '../../../src/remedies/remedy.ts';

const SYNCED = 'I1125 02:09:04.100000       1 shared_informer.go:356] "Caches are synced" controller="service config"\n';
const data = {
  namespace: 'kube-system',
  daemonSet: 'kube-proxy',
  selector: 'k8s-app=kube-proxy',
  node: 'node-1',
  service: { address: '10.100.0.10', port: 53 },
  question: { name: 'kubernetes.default.svc.cluster.local.', proto: 'udp' as const },
};
const old = { namespace: 'kube-system', name: 'kube-proxy-old', uid: 'uid-old', node: 'node-1' };

/** kube-proxy on one node, on a clock of its own. The successor is there when the old one is gone. */
function world({ readyAfterMs = 2_000, crashing = false, log = SYNCED, isAnswered = true } = {}) {
  let now = 0;
  let evictedAt: number | null = null;
  const writes: string[] = [];
  const json = (name: string, uid: string, ready: boolean, over: Json = {}): Json => ({
    metadata: { namespace: 'kube-system', name, uid, ...over },
    spec: { nodeName: 'node-1' },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ restartCount: 0, state: crashing && uid !== old.uid ? { waiting: { reason: 'CrashLoopBackOff' } } : {} }],
    },
  });
  const list = () => {
    const since = evictedAt === null ? -1 : now - evictedAt;
    const items =
      since < 0
        ? [json(old.name, old.uid, true)]
        : since < 1_000
          ? [json(old.name, old.uid, true, { deletionTimestamp: 'now' })]
          : [json('kube-proxy-new', 'uid-new', since >= readyAfterMs)];
    return Promise.resolve({ items, complete: true, remaining: null });
  };
  const create = (path: string) => {
    evictedAt ??= now;
    writes.push(path);
    return Promise.resolve({});
  };
  const answer = isAnswered
    ? ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n'
    : ';; communications error to 10.100.0.10#53: timed out\n;; no servers could be reached\n';
  const run = (script: string) =>
    Promise.resolve({
      text: [...script.matchAll(/^dig /gm)].map(() => `@@dns-medic-shot\n${answer}`).join(''),
      stderr: '',
      truncated: false,
      exitCode: 0,
    });
  const context = {
    port: { list, create, logs: () => Promise.resolve({ text: log, truncated: false }) },
    probes: { start: () => Promise.resolve({ name: 'probe', run }) },
    wrote: () => Promise.resolve(),
    mayWrite: () => undefined,
    stopping: new AbortController().signal,
    signal: new AbortController().signal,
    now: () => now,
    pause: (ms: number) => Promise.resolve(void (now += ms)),
  } as unknown as ActContext;
  return { context, writes };
}

const renew = (context: ActContext) => renewKubeProxy(context, data, old, () => undefined);

describe('kube-proxy is started anew on a node', () => {
  test('its pod is evicted, and the new one has read the Services and answers', async () => {
    const { context, writes } = world();
    expect(await renew(context)).toMatchObject({ outcome: 'applied', says: 'kube-proxy on node-1 was started anew as kube-proxy-new' });
    expect(writes).toEqual(['/api/v1/namespaces/kube-system/pods/kube-proxy-old/eviction']);
  });

  test('a second worker does not evict again', async () => {
    const { context, writes } = world();
    await renew(context);
    expect((await renew(context)).outcome).toBe('applied');
    expect(writes).toHaveLength(1);
  });

  test('one that crashes, does not become ready or does not read the Services has failed', async () => {
    expect(await renew(world({ crashing: true }).context)).toMatchObject({ outcome: 'failed', says: expect.stringContaining('crashes') });
    expect(await renew(world({ readyAfterMs: Infinity }).context)).toMatchObject({
      outcome: 'failed',
      says: expect.stringContaining('is not ready yet'),
    });
    expect(await renew(world({ log: 'I1125 02:09:04.1 1 server.go:1] "Starting"\n' }).context)).toMatchObject({
      outcome: 'failed',
      says: expect.stringContaining('has not read the Services within 45 s'),
    });
  });

  test('a Service that is not answered from there afterwards is said', async () => {
    const acted = await renew(world({ isAnswered: false }).context);
    expect(acted).toMatchObject({
      outcome: 'applied',
      says: expect.stringContaining('the DNS Service is not well answered from there: 5 of 5 lookups'),
    });
  });
});
