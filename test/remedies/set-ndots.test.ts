import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/cluster/port.ts';
import { setNdots } from '../../src/remedies/set-ndots.ts';
import { namedPod } from '../checks/evidence.ts';
import { act, EditWorld, notPlanned, planned } from './kit/edit-world.ts';

const path = '/apis/apps/v1/namespaces/shop/deployments/cart';
const rolledOut = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1 };

let world: EditWorld;
const have = (template: Json = {}, metadata: Json = {}, over: Json = {}): void =>
  world.put(path, {
    metadata: { generation: 1, ...metadata },
    spec: { replicas: 1, template: { spec: template }, ...over },
    status: rolledOut,
  });
const spec = (): Json => world.at(path)?.['spec']['template']['spec'];
beforeEach(() => {
  world = new EditWorld();
});

describe('ndots in the template of a workload', () => {
  const other = { name: 'timeout', value: '1' };
  test.each([
    ['where nothing is set', {}, { dnsConfig: { options: [{ name: 'ndots', value: '2' }] } }],
    ['beside other options', { dnsConfig: { options: [other] } }, { dnsConfig: { options: [other, { name: 'ndots', value: '2' }] } }],
    [
      'in place of another value',
      { dnsConfig: { options: [{ name: 'ndots', value: '5' }, other] } },
      { dnsConfig: { options: [{ name: 'ndots', value: '2' }, other] } },
    ],
    [
      'beside search domains',
      { dnsConfig: { searches: ['a'] } },
      { dnsConfig: { searches: ['a'], options: [{ name: 'ndots', value: '2' }] } },
    ],
  ])('is set %s, and it is as it was again', async (_, before, after) => {
    have(before);
    const plan = await planned(setNdots, world.planContext(), { value: '2' });
    expect(plan.warnings[0]).toMatch('A rollout');
    expect(await act(setNdots, world, plan)).toMatchObject({ outcome: 'applied', undoable: true });
    expect(spec()).toEqual(after);
    expect(await act(setNdots, world, plan, 'undo')).toMatchObject({ outcome: 'applied' });
    expect(spec()).toEqual(before);
  });

  test('is not set where somebody has set it since', async () => {
    have();
    const plan = await planned(setNdots, world.planContext(), { value: 2 });
    have({ dnsConfig: { options: [{ name: 'ndots', value: '3' }] } });
    expect(await act(setNdots, world, plan)).toMatchObject({ outcome: 'refused' });
  });

  test('of Helm is planned, and it is said that Helm takes it back', async () => {
    have({}, { labels: { 'app.kubernetes.io/managed-by': 'Helm' } });
    expect((await planned(setNdots, world.planContext(), { value: 2 })).objects[0]?.owner).toMatchObject({ manager: 'helm' });
  });

  test('that ends all pods first is warned of', async () => {
    have({}, {}, { strategy: { type: 'Recreate' } });
    expect((await planned(setNdots, world.planContext(), { value: 2 })).warnings).toContainEqual(
      expect.stringContaining('nobody answers in between'),
    );
  });
});

describe('the value', () => {
  const stats = (neededDots: number[]) => {
    const { 'coredns-logs': logs } = world.planContext().evidence;
    if (logs?.status !== 'ok') throw new Error('no logs');
    const client = { ip: '10.0.1.50', queries: 100, wasted: 80, neededDots, names: [] };
    return { 'coredns-logs': { ...logs.data, queries: { clients: [client] } as never } };
  };
  test.each([
    [[1], 'glibc', '2'],
    [[], 'glibc', '1'],
    [[], 'musl', '2'],
    [[2], null, '3'],
  ])('of names that needed %j dots and %s is %s', async (dots, libc, value) => {
    have();
    const plan = await planned(setNdots, world.planContext({ ...stats(dots), pod: namedPod({ libc }) }));
    await act(setNdots, world, plan);
    expect(spec()).toEqual({ dnsConfig: { options: [{ name: 'ndots', value }] } });
  });

  test('is not guessed where no query of the pod was seen', async () => {
    have();
    expect(await notPlanned(setNdots, world.planContext())).toMatchObject({ why: 'unknown', offers: [{ id: 'enable-query-log' }] });
  });

  test.each(['0', '16', 'two', '1.5'])('%s is none', (value) => {
    expect(setNdots.params.safeParse({ value }).success).toBe(false);
  });
});

describe('there is no plan', () => {
  test('for a bare pod, and for what nobody knows how to change: it is said what to write', async () => {
    expect(await notPlanned(setNdots, world.planContext({ pod: namedPod({ owner: null }) }), { value: 2 })).toMatchObject({
      why: 'not-here',
      next: [expect.stringContaining('{name: ndots, value: "2"}')],
    });
    expect(await notPlanned(setNdots, world.planContext({ pod: namedPod({ owner: 'Job/x' }) }), { value: 2 })).toMatchObject({
      why: 'not-here',
      says: expect.stringContaining('Job/x'),
    });
  });

  test.each([
    [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } }, 'Flux'],
    [{ annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }, 'Argo CD'],
    [{ managedFields: [{ manager: 'argocd-controller' }] }, 'Argo CD'],
  ])('for what a repository holds (%j): the patch is given', async (metadata, who) => {
    have({}, metadata);
    const none = await notPlanned(setNdots, world.planContext(), { value: 2 });
    expect(none).toMatchObject({ why: 'owned', says: expect.stringContaining(who) });
    expect(JSON.parse(none.next?.at(-1) ?? '')).toEqual({
      spec: { template: { spec: { dnsConfig: { options: [{ name: 'ndots', value: '2' }] } } } },
    });
  });

  test('where it is so already, a rollout is going on, or no pod is named', async () => {
    have({ dnsConfig: { options: [{ name: 'ndots', value: '2' }] } });
    expect(await notPlanned(setNdots, world.planContext(), { value: 2 })).toMatchObject({ why: 'not-needed' });
    have();
    world.put(path, { ...world.at(path), status: { ...rolledOut, readyReplicas: 0 } });
    expect(await notPlanned(setNdots, world.planContext(), { value: 2 })).toMatchObject({ why: 'unsafe' });
    expect(await notPlanned(setNdots, world.planContext({}, ['pod']), { value: 2 })).toMatchObject({ why: 'unknown' });
  });
});
