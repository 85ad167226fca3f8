import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/cluster/port.ts';
import { spreadCoredns } from '../../src/remedies/spread-coredns.ts';
import { clusterClass, corednsPod, corednsPods, homes, node, nodes, workload } from '../checks/evidence.ts';
import { act, EditWorld, notPlanned, planned } from './kit/edit-world.ts';

const path = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
const rolledOut = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2 };
const together = { 'coredns-pods': corednsPods([corednsPod(), corednsPod({ node: homes[0] }, 1)]) };

let world: EditWorld;
const have = (template: Json = {}, over: Json = {}): void =>
  world.put(path, { metadata: { generation: 1 }, spec: { replicas: 2, template: { spec: template }, ...over }, status: rolledOut });
const spec = (): Json => world.at(path)?.['spec']['template']['spec'];
beforeEach(() => {
  world = new EditWorld();
});

const hosts = {
  maxSkew: 1,
  topologyKey: 'kubernetes.io/hostname',
  whenUnsatisfiable: 'DoNotSchedule',
  nodeTaintsPolicy: 'Honor',
  labelSelector: { matchLabels: { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns' } },
  matchLabelKeys: ['pod-template-hash'],
};

describe('pods that share a node', () => {
  test('are spread by a constraint in their template, which is taken out again without a trace', async () => {
    have();
    const plan = await planned(spreadCoredns, world.planContext(together));
    expect(plan.objects[0]?.diff[0]).toBe('+ spec.template.spec.topologySpreadConstraints:');
    expect(plan.pods).toHaveLength(2);
    expect(await act(spreadCoredns, world, plan)).toMatchObject({ outcome: 'applied', undoable: true });
    expect(spec()).toEqual({ topologySpreadConstraints: [hosts] });
    await act(spreadCoredns, world, plan, 'undo');
    expect(spec()).toEqual({});
  });

  test('are spread beside what is there already, also where that is but a preference', async () => {
    const zones = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' };
    have({ topologySpreadConstraints: [zones] });
    await act(spreadCoredns, world, await planned(spreadCoredns, world.planContext(together)));
    expect(spec()['topologySpreadConstraints']).toEqual([zones, hosts]);
  });
});

describe('there is no plan', () => {
  const one = { ...together, nodes: nodes([node()]) };
  const spread = { 'coredns-pods': corednsPods() };
  test.each([
    ['unsafe', one, 'cannot each have a node of their own: 1 nodes'],
    ['not-needed', spread, 'every CoreDNS pod has a node of its own'],
    ['not-needed', { ...together, 'coredns-workload': workload({ desired: 1 }) }, 'only one CoreDNS pod'],
    ['not-here', { ...together, 'coredns-workload': workload({ kind: 'StatefulSet' as const }) }, 'StatefulSet'],
  ])('%s', async (why, facts, says) => {
    have();
    expect(await notPlanned(spreadCoredns, world.planContext(facts))).toMatchObject({ why, says: expect.stringContaining(says) });
  });

  test('where the constraint is there: one pod that shares a node is to be replaced', async () => {
    have({ topologySpreadConstraints: [hosts] });
    expect(await notPlanned(spreadCoredns, world.planContext(together))).toMatchObject({
      why: 'not-needed',
      offers: [{ id: 'delete-coredns-pod', params: { pod: 'coredns-b' } }],
    });
  });

  test('where Kubernetes is too old to tell new pods from old ones, or its version is not known', async () => {
    have();
    const old = { ...together, 'cluster-class': clusterClass({ version: 'v1.26.15' }) };
    expect(await notPlanned(spreadCoredns, world.planContext(old))).toMatchObject({
      why: 'not-here',
      offers: [{ id: 'delete-coredns-pod', params: { pod: 'coredns-b' } }],
    });
    expect(await notPlanned(spreadCoredns, world.planContext(together, ['cluster-class']))).toMatchObject({ why: 'unknown' });
  });

  test('while pods are being replaced, or that is paused', async () => {
    have({}, { paused: true });
    expect(await notPlanned(spreadCoredns, world.planContext(together))).toMatchObject({
      why: 'unsafe',
      says: expect.stringContaining('paused'),
    });
    have();
    world.put(path, { ...world.at(path), status: { ...rolledOut, updatedReplicas: 1 } });
    expect(await notPlanned(spreadCoredns, world.planContext(together))).toMatchObject({ why: 'unsafe' });
  });

  test('where the nodes were not read', async () => {
    have();
    expect(await notPlanned(spreadCoredns, world.planContext(together, ['nodes']))).toMatchObject({ why: 'unknown' });
  });
});
