import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { stillSleeping } from '../../src/cluster/ephemeral-probe.ts';
import type { Json } from '../../src/cluster/port.ts';
import { sweep } from '../../src/cluster/probe-sweep.ts';
import { createProbePods } from '../../src/cluster/probes.ts';
import { checkRights } from '../../src/cluster/rights.ts';
import type { Permission } from '../../src/domain/reading.ts';
import { fakePort, listOf } from './fake-port.ts';

const settings = { namespace: 'probes', image: 'tools:1', pullSecret: null, tolerations: [], labels: {} };
const run = { id: 'run1', deadlineSeconds: 120 };

describe('an ephemeral container', () => {
  /** A pod that shows the container of the patch, in the given state, from the third look on. */
  const pod = (state: Json) => {
    let added: Json | undefined;
    let looks = 0;
    return fakePort({
      get: async () => ({
        spec: { nodeName: 'n1', ephemeralContainers: added ? [added] : undefined },
        status: added && ++looks > 1 ? { ephemeralContainerStatuses: [{ name: added['name'], state }] } : {},
      }),
      patch: async (_path, body, type) => {
        expect(type).toBe('application/strategic-merge-patch+json');
        added = body['spec'].ephemeralContainers[0];
        return {};
      },
      exec: async (options) => ({ text: `${options.container}`, stderr: '', exitCode: 0, truncated: false }),
    });
  };

  test('is added once to a pod and runs scripts there', async () => {
    const port = pod({ running: {} });
    const probes = createProbePods(port, settings, run);
    const [one, two] = await Promise.all([probes.ephemeral('shop', 'cart'), probes.ephemeral('shop', 'cart')]);
    expect([one?.namespace, one?.name, one?.node, two?.name]).toEqual(['shop', 'cart', 'n1', 'cart']);
    expect((await one.run('id')).text).toMatch(/^dns-medic-[0-9a-f]{8}$/);
    expect(port.calls.filter((call) => call === 'patch /api/v1/namespaces/shop/pods/cart/ephemeralcontainers')).toHaveLength(1);
  });

  test('whose image cannot be pulled says so', async () => {
    const port = pod({ waiting: { reason: 'ErrImagePull', message: 'no such image' } });
    await expect(createProbePods(port, settings, run).ephemeral('shop', 'cart')).rejects.toMatchObject({
      message: 'the probe image tools:1 cannot be pulled (ErrImagePull: no such image)',
    });
  });

  test('of an earlier run is used again while it sleeps', () => {
    const now = Date.parse('2026-01-01T00:01:00Z');
    const seen = (name: string, seconds: number, state: Json): Json => ({
      spec: { ephemeralContainers: [{ name, image: 'tools:1', command: ['sh', '-c', `trap x; sleep ${seconds} & wait`] }] },
      status: { ephemeralContainerStatuses: [{ name, state }] },
    });
    const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
    expect(stillSleeping(seen('dns-medic-1', 600, running), 'tools:1', now)).toBe('dns-medic-1');
    expect(stillSleeping(seen('dns-medic-1', 100, running), 'tools:1', now)).toBeNull();
    expect(stillSleeping(seen('dns-medic-1', 600, { terminated: {} }), 'tools:1', now)).toBeNull();
    expect(stillSleeping(seen('debugger-1', 600, running), 'tools:1', now)).toBeNull();
    expect(stillSleeping(seen('dns-medic-1', 600, running), 'tools:2', now)).toBeNull();
  });
});

describe('a sweep', () => {
  const now = Date.parse('2026-01-01T01:00:00Z');
  const pod = (name: string, ageSeconds: number, more: Json = {}): Json => ({
    metadata: { name, labels: { 'dns-medic/run': more['run'] ?? 'r' }, creationTimestamp: new Date(now - ageSeconds * 1000).toISOString() },
    spec: { activeDeadlineSeconds: 300 },
    status: { phase: more['phase'] ?? 'Running' },
  });
  const pods = [
    pod('young', 10),
    pod('old', 200),
    pod('past-deadline', 301),
    pod('ended', 5, { phase: 'Failed' }),
    pod('over', 5, { run: 'over' }),
  ];

  test('deletes what runs left behind, and nothing else', async () => {
    let selector = '';
    const port = fakePort({
      list: async (_path, options) => ((selector = options?.labelSelector ?? ''), listOf(pods)),
      delete: async () => {},
    });
    expect(await sweep(port, settings, { olderThanSeconds: 1_000, now })).toEqual(['past-deadline', 'ended']);
    expect(await sweep(port, settings, { olderThanSeconds: 100, finishedRuns: ['over'], now })).toEqual([
      'old',
      'past-deadline',
      'ended',
      'over',
    ]);
    expect(selector).toBe('app.kubernetes.io/managed-by=dns-medic,dns-medic/role in (probe,twin,capture)');
  });

  test('does not mind pods that are gone already, but tells of a refusal', async () => {
    const list = async () => listOf(pods);
    const gone = fakePort({ list, delete: () => Promise.reject(new Failure('missing', 'gone')) });
    expect(await sweep(gone, settings, { olderThanSeconds: 1_000, now })).toHaveLength(2);
    const refused = fakePort({ list, delete: () => Promise.reject(new Failure('forbidden', 'no')) });
    await expect(sweep(refused, settings, { olderThanSeconds: 1_000, now })).rejects.toMatchObject({ reason: 'forbidden' });
  });
});

describe('rights', () => {
  const permissions: Permission[] = [
    { group: '', resource: 'pods/log', verb: 'get', scope: 'dns' },
    { group: 'apps', resource: 'deployments', verb: 'list', scope: 'cluster' },
    { group: '', resource: 'pods/exec', verb: 'create', scope: 'pod' },
  ];
  const namespaces = { system: 'kube-system', dns: 'kube-system', probe: 'probes', capture: null, pod: null };

  test('are asked for one by one, each in its namespace', async () => {
    const asked: Json[] = [];
    const port = fakePort({
      create: async (_path, body) => (
        asked.push(body['spec'].resourceAttributes),
        { status: { allowed: body['spec'].resourceAttributes.verb === 'get', reason: 'r' } }
      ),
    });
    const answers = await checkRights(port, permissions, namespaces);
    expect(asked).toEqual([
      { group: '', resource: 'pods', subresource: 'log', verb: 'get', namespace: 'kube-system' },
      { group: 'apps', resource: 'deployments', subresource: undefined, verb: 'list' },
      { group: '', resource: 'pods', subresource: 'exec', verb: 'create' },
    ]);
    expect(answers.map(({ allowed, namespace, allow }) => [allowed, namespace, allow])).toEqual([
      [true, 'kube-system', '- {apiGroups: [""], resources: [pods/log], verbs: [get]}'],
      [false, null, '- {apiGroups: ["apps"], resources: [deployments], verbs: [list]}'],
      [false, null, '- {apiGroups: [""], resources: [pods/exec], verbs: [create]}'],
    ]);
  });

  test('that are bounded by names are there when they are for each of them', async () => {
    const named: Permission = { group: '', resource: 'configmaps', verb: 'patch', scope: 'dns', names: ['coredns', 'other'] };
    const portWith = (given: readonly string[]) =>
      fakePort({ create: async (_path, body) => ({ status: { allowed: given.includes(body['spec'].resourceAttributes.name) } }) });
    const [both] = await checkRights(portWith(['coredns', 'other']), [named], namespaces);
    const [one] = await checkRights(portWith(['coredns']), [named], namespaces);
    expect([both?.allowed, one?.allowed]).toEqual([true, false]);
    expect(one?.allow).toBe('- {apiGroups: [""], resources: [configmaps], resourceNames: ["coredns", "other"], verbs: [patch]}');
  });

  test('that cannot be asked for are unknown', async () => {
    const port = fakePort({ create: () => Promise.reject(new Failure('timeout', 'late')) });
    expect((await checkRights(port, permissions, namespaces)).map(({ allowed, message }) => [allowed, message])).toEqual(
      permissions.map(() => [null, 'late']),
    );
  });
});
