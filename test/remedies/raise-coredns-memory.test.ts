import { beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { Json } from '../../src/cluster/port.ts';
import { raiseCorednsMemory } from '../../src/remedies/raise-coredns-memory.ts';
import { corefile, workload } from '../checks/evidence.ts';
import { act, EditWorld, notPlanned, planned } from './kit/edit-world.ts';

const path = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
const status = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2 };

let world: EditWorld;
const have = (memory: string | null, metadata: Json = {}, spec: Json = {}): void => {
  const limits = memory === null ? {} : { resources: { limits: { memory, cpu: '1' }, requests: { memory: '8Mi' } } };
  const containers = [
    { name: 'side', env: [{ name: 'TOKEN', value: '[redacted]' }] },
    { name: 'coredns', ...limits },
  ];
  world.put(path, { metadata: { generation: 1, ...metadata }, spec: { replicas: 2, template: { spec: { containers } }, ...spec }, status });
};
const limit = (): unknown => world.at(path)?.['spec']['template']['spec']['containers'][1]['resources']['limits']['memory'];
beforeEach(() => {
  world = new EditWorld();
});

describe('the limit', () => {
  test.each([
    ['8Mi', {}, '170Mi'],
    ['128974848', {}, '246Mi'],
    ['170Mi', {}, '340Mi'],
    ['600Mi', {}, '1024Mi'],
    ['170Mi', { limit: '200M' }, '191Mi'],
  ])('%s becomes, with %j, %s; and is what it was again', async (before, params, after) => {
    have(before);
    const plan = await planned(raiseCorednsMemory, world.planContext(), params);
    expect(plan.objects[0]?.diff).toEqual([
      `- spec.template.spec.containers[name=coredns].resources.limits.memory: ${JSON.stringify(before)}`,
      `+ spec.template.spec.containers[name=coredns].resources.limits.memory: ${JSON.stringify(after)}`,
    ]);
    expect(plan.pods).toHaveLength(2);
    expect(await act(raiseCorednsMemory, world, plan)).toMatchObject({ outcome: 'applied', undoable: true });
    expect(limit()).toBe(after);
    expect(await act(raiseCorednsMemory, world, plan, 'undo')).toMatchObject({ outcome: 'applied' });
    expect(limit()).toBe(before);
  });

  test('is not raised where it was changed since', async () => {
    have('8Mi');
    const plan = await planned(raiseCorednsMemory, world.planContext());
    have('64Mi');
    expect(await act(raiseCorednsMemory, world, plan)).toMatchObject({ outcome: 'refused', says: expect.stringContaining('"64Mi"') });
  });

  test('is not set back where somebody has changed it since', async () => {
    have('8Mi');
    const plan = await planned(raiseCorednsMemory, world.planContext());
    await act(raiseCorednsMemory, world, plan);
    have('500Mi');
    expect(await act(raiseCorednsMemory, world, plan, 'undo')).toMatchObject({ outcome: 'refused' });
    expect(limit()).toBe('500Mi');
  });

  test('is given to the add-on with all its resources, which it replaces as a whole', async () => {
    have('170Mi', { managedFields: [{ manager: 'eks' }] });
    const { objects } = await planned(raiseCorednsMemory, world.planContext());
    const values = '{"resources":{"limits":{"memory":"340Mi","cpu":"1"},"requests":{"memory":"8Mi"}}}';
    expect(objects[0]?.owner?.durable[0]).toContain(`--configuration-values '${values}' --resolve-conflicts PRESERVE`);
  });
});

describe('there is no plan', () => {
  test.each([
    ['not-here', null, {}],
    ['unsafe', '1Gi', {}],
    ['unsafe', '170Mi', { limit: '2Gi' }],
    ['not-needed', '170Mi', { limit: '170Mi' }],
  ])('%s: limit %s, %j', async (why, before, params) => {
    have(before);
    expect(await notPlanned(raiseCorednsMemory, world.planContext(), params)).toMatchObject({ why });
  });

  test('with a Corefile that a new pod would not start with, or that was not read', async () => {
    have('8Mi');
    const error = { line: 3, message: 'unknown directive', kind: 'directive' as const };
    expect(await notPlanned(raiseCorednsMemory, world.planContext({ corefile: { ...corefile(), error } }))).toMatchObject({
      why: 'unsafe',
      offers: [{ id: 'restore-corefile', params: {} }],
    });
    expect(await notPlanned(raiseCorednsMemory, world.planContext({}, ['corefile']))).toMatchObject({ why: 'unknown' });
  });

  test('for what is no Deployment, is gone, or was not found', async () => {
    expect(await notPlanned(raiseCorednsMemory, world.planContext())).toMatchObject({ why: 'not-here' });
    const daemonSet = { 'coredns-workload': workload({ kind: 'DaemonSet' }) };
    expect(await notPlanned(raiseCorednsMemory, world.planContext(daemonSet))).toMatchObject({ why: 'not-here' });
    expect(await notPlanned(raiseCorednsMemory, world.planContext({}, ['coredns-workload']))).toMatchObject({ why: 'unknown' });
  });

  test('where the API server would refuse it; its own words are told', async () => {
    have('8Mi');
    world.refusal = new Failure('error', 'exceeded quota: memory', { status: 422 });
    expect(await notPlanned(raiseCorednsMemory, world.planContext())).toEqual({
      why: 'unsafe',
      says: 'the API server would refuse it: exceeded quota: memory',
    });
  });

  test('but one where only a right is missing that the roles of remedies give: it is asked for with all others', async () => {
    have('8Mi');
    world.refusal = new Failure('forbidden', 'user "x" may not patch deployments', { status: 403, allow: '- {...}' });
    expect(await planned(raiseCorednsMemory, world.planContext())).toMatchObject({ objects: [{ does: 'change' }] });
  });

  test('and none where the roles of remedies name another object', async () => {
    world.put('/apis/apps/v1/namespaces/kube-system/deployments/dns', {
      metadata: { generation: 1 },
      spec: { replicas: 2, template: { spec: { containers: [{ name: 'coredns', resources: { limits: { memory: '8Mi' } } }] } } },
      status,
    });
    world.refusal = new Failure('forbidden', 'user "x" may not patch deployments', { status: 403, allow: '- {...}' });
    const context = world.planContext({ 'coredns-workload': workload({ name: 'dns' }) });
    expect(await notPlanned(raiseCorednsMemory, context)).toMatchObject({ why: 'rights', next: [expect.stringContaining('- {...}')] });
  });
});

test.each(['', 'much', '-1Mi', '1e999'])('%j is no amount of memory', (text) => {
  expect(raiseCorednsMemory.params.safeParse({ limit: text }).success).toBe(false);
});
