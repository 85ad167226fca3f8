import { beforeEach, expect, test } from '@jest/globals';
import { scaleCoredns } from '../../src/remedies/scale-coredns.ts';
import { workload } from '../checks/evidence.ts';
import { act, EditWorld, notPlanned, planned } from './kit/edit-world.ts';

const path = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
const rolledOut = (replicas: number): object => ({
  observedGeneration: 1,
  replicas,
  updatedReplicas: replicas,
  readyReplicas: replicas,
});

let world: EditWorld;
const scale = `${path}/scale`;
/** The Deployment, and what the API server gives of it at `scale`; the status is that of a rollout of `done` pods. */
const have = (replicas: number, metadata: object = {}, done = 2): void => {
  world.put(path, { metadata: { generation: 1, uid: 'uid', ...metadata }, spec: { replicas }, status: rolledOut(done) });
  // as the API server gives it: 0 is left out
  world.put(scale, { metadata: { uid: 'uid' }, spec: replicas === 0 ? {} : { replicas } });
  world.afterWrite = () => world.put(path, { ...world.at(path), spec: { replicas: world.at(scale)?.['spec']['replicas'] } });
};
const replicas = (): unknown => world.at(scale)?.['spec']['replicas'];
beforeEach(() => {
  world = new EditWorld();
});

test.each(['0', '1'])('%s pods become two; none is what nobody wants back', async (count) => {
  have(Number(count));
  const plan = await planned(scaleCoredns, world.planContext(), { replicas: '2' });
  expect(plan.undo === null).toBe(count === '0');
  expect(await act(scaleCoredns, world, plan)).toMatchObject({ outcome: 'applied', undoable: count === '1' });
  expect(replicas()).toBe(2);
  expect(world.requests).toEqual([`PATCH ${scale}`]);
});

test('and one again', async () => {
  have(1);
  const plan = await planned(scaleCoredns, world.planContext());
  await act(scaleCoredns, world, plan);
  world.put(path, { ...world.at(path), status: rolledOut(1) });
  expect(await act(scaleCoredns, world, plan, 'undo')).toMatchObject({ outcome: 'applied' });
  expect(replicas()).toBe(1);
});

test('not where somebody has scaled it since', async () => {
  have(1);
  const plan = await planned(scaleCoredns, world.planContext());
  have(5);
  expect(await act(scaleCoredns, world, plan)).toMatchObject({
    outcome: 'refused',
    undoable: false,
    says: expect.stringContaining('it is 5 now'),
  });
});

test('whoever keeps it in a repository is named, with what to write there', async () => {
  have(1, { labels: { 'argocd.argoproj.io/instance': 'dns' } });
  const plan = await planned(scaleCoredns, world.planContext());
  expect(plan.objects[0]?.owner).toMatchObject({ manager: 'argocd', takesBack: expect.stringContaining('within minutes') });
});

test('for the EKS add-on the very command is given', async () => {
  have(1, { managedFields: [{ manager: 'eks' }] });
  const { objects, warnings } = await planned(scaleCoredns, world.planContext());
  expect(objects[0]?.owner?.durable[0]).toBe(
    `aws eks update-addon --cluster-name 'cluster-a' --addon-name coredns --configuration-values '{"replicaCount":2}' --resolve-conflicts PRESERVE`,
  );
  expect(warnings).toEqual([expect.stringContaining('autoscaling')]);
});

test('an autoscaler is told apart by how its lower bound is raised', async () => {
  have(1);
  const of = (autoscaler: string) => notPlanned(scaleCoredns, world.planContext({ 'coredns-workload': workload({ autoscaler }) }));
  expect((await of('HorizontalPodAutoscaler/coredns')).next?.[0]).toContain('patch hpa coredns');
  expect((await of('Deployment/dns-autoscaler')).next?.[0]).toContain('--configmap');
});

test('pods that do not become ready in time are said, and it can be undone', async () => {
  have(1, {}, 1);
  const plan = await planned(scaleCoredns, world.planContext());
  expect(await act(scaleCoredns, world, plan)).toMatchObject({
    outcome: 'applied',
    says: expect.stringContaining('1 of 2 new'),
    undoable: true,
  });
});

test.each([
  ['owned', 1, 2, { autoscaler: 'HorizontalPodAutoscaler/coredns' }, {}],
  ['not-needed', 2, 2, {}, {}],
  ['unsafe', 3, 2, {}, {}],
  ['unsafe', 2, 3, {}, {}],
  ['not-here', 1, 2, { kind: 'DaemonSet' as const }, {}],
])('there is no plan: %s (%i to %i, %j, %j)', async (why, now, wanted, over, metadata) => {
  have(now, metadata);
  const context = world.planContext({ 'coredns-workload': { ...workload(), ...over } });
  expect(await notPlanned(scaleCoredns, context, { replicas: wanted })).toMatchObject({ why });
});

test('nodes that could not be counted are no reason to scale', async () => {
  have(1);
  expect(await notPlanned(scaleCoredns, world.planContext({}, ['nodes']))).toMatchObject({ why: 'unknown' });
});

test.each(['1', '0', 'many', '1000'])('%s replicas are none to ask for', (count) => {
  expect(scaleCoredns.params.safeParse({ replicas: count }).success).toBe(false);
});
