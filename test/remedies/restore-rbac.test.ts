import { beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { restoreRbac } from '../../src/remedies/restore-rbac.ts';
import { clusterClass, rbac, rbacSubject } from '../checks/evidence.ts';
import { act, EditWorld, notPlanned, planned } from './kit/edit-world.ts';

const base = '/apis/rbac.authorization.k8s.io/v1';
const role = `${base}/clusterroles/system%3Acoredns`;
const binding = (name: string): string => `${base}/clusterrolebindings/${encodeURIComponent(name)}`;
const slices = ['list', 'watch'].map((verb) => ({ group: 'discovery.k8s.io', resource: 'endpointslices', verb }));
const all = [
  ...['services', 'namespaces'].flatMap((resource) => ['list', 'watch'].map((verb) => ({ group: '', resource, verb }))),
  ...slices,
];
const services = { apiGroups: [''], resources: ['services', 'namespaces'], verbs: ['list', 'watch'] };
const about = (over: Parameters<typeof rbacSubject>[1], component: 'coredns' | 'kube-proxy' = 'coredns') => ({
  rbac: rbac([rbacSubject(component, over)]),
});

let world: EditWorld;
beforeEach(() => {
  world = new EditWorld();
});
const at = (path: string) => world.at(path);

describe('the role of CoreDNS', () => {
  test('gets the rule that is missing, and no other one; it is as it was again', async () => {
    world.put(role, { rules: [services] });
    const plan = await planned(restoreRbac, world.planContext(about({ missing: slices })));
    expect(await act(restoreRbac, world, plan)).toMatchObject({ outcome: 'applied', undoable: true });
    const added = { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] };
    expect(at(role)?.['rules']).toEqual([services, added]);
    await act(restoreRbac, world, plan, 'undo');
    expect(at(role)?.['rules']).toEqual([services]);
  });

  test('is made again where it is gone, as it usually is', async () => {
    const bindings = [{ name: 'system:coredns', role: 'system:coredns', roleExists: false }];
    const plan = await planned(restoreRbac, world.planContext(about({ missing: all, bindings })));
    expect(plan.objects.map(({ does, object }) => [does, object.kind])).toEqual([['create', 'ClusterRole']]);
    await act(restoreRbac, world, plan);
    expect(at(role)?.['rules']).toEqual([
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ]);
  });

  test('is bound again where its binding is gone', async () => {
    world.put(role, { rules: [services] });
    const plan = await planned(restoreRbac, world.planContext(about({ missing: all, bindings: [] })));
    await act(restoreRbac, world, plan);
    expect(at(binding('system:coredns'))).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'system:coredns' },
      subjects: [{ kind: 'ServiceAccount', name: 'coredns', namespace: 'kube-system' }],
    });
  });

  test('is made and bound where both are gone, in that order, and both are deleted again', async () => {
    const plan = await planned(restoreRbac, world.planContext(about({ missing: all, bindings: [] })));
    expect(plan.objects.map(({ object }) => object.kind)).toEqual(['ClusterRole', 'ClusterRoleBinding']);
    await act(restoreRbac, world, plan);
    await act(restoreRbac, world, plan, 'undo');
    expect(world.objects.size).toBe(0);
    expect(world.requests.map((request) => request.split(' ')[0])).toEqual(['POST', 'POST', 'DELETE', 'DELETE']);
  });

  test('is bound to the account beside those that the binding has', async () => {
    const other = { kind: 'ServiceAccount', name: 'other', namespace: 'kube-system' };
    world.put(role, { rules: [services] });
    world.put(binding('system:coredns'), { roleRef: { name: 'system:coredns' }, subjects: [other] });
    await act(restoreRbac, world, await planned(restoreRbac, world.planContext(about({ missing: all, bindings: [] }))));
    expect(at(binding('system:coredns'))?.['subjects']).toEqual([
      other,
      { kind: 'ServiceAccount', name: 'coredns', namespace: 'kube-system' },
    ]);
  });
});

test('a binding that was not read is seen when it is to be made: then its role is what lacks something', async () => {
  world.put(role, { rules: [services] });
  const own = { kind: 'ServiceAccount', name: 'coredns', namespace: 'kube-system' };
  world.put(binding('system:coredns'), { roleRef: { name: 'system:coredns' }, subjects: [own] });
  const plan = await planned(restoreRbac, world.planContext(about({ missing: slices, bindings: [] })));
  expect(plan.objects.map(({ does, object }) => [does, object.kind])).toEqual([['change', 'ClusterRole']]);
});

describe('kube-proxy', () => {
  test.each([
    ['eks', 'eks:kube-proxy'],
    ['kubeadm', 'kubeadm:node-proxier'],
  ])('is bound to the role that Kubernetes keeps, on %s by %s', async (platform, name) => {
    world.put(`${base}/clusterroles/system%3Anode-proxier`, { rules: [] });
    const facts = { ...about({ missing: all, bindings: [] }, 'kube-proxy'), 'cluster-class': clusterClass({ platform }) };
    const plan = await planned(restoreRbac, world.planContext(facts), { component: 'kube-proxy' });
    await act(restoreRbac, world, plan);
    expect(at(binding(name))).toMatchObject({ roleRef: { name: 'system:node-proxier' }, subjects: [{ name: 'kube-proxy' }] });
  });

  test('needs the right to bind that one role, and no other', () => {
    const bind = restoreRbac.needs.filter(({ verb }) => verb === 'bind');
    expect(bind).toMatchObject([{ resource: 'clusterroles', names: ['system:node-proxier'] }]);
    const verbs: string[] = restoreRbac.needs.map(({ verb }) => verb);
    expect(verbs).not.toContain('escalate');
    expect(verbs).not.toContain('*');
  });
});

describe('there is no plan', () => {
  test('to widen a role that others may have too', async () => {
    const bindings = [{ name: 'x', role: 'view', roleExists: true }];
    expect(await notPlanned(restoreRbac, world.planContext(about({ missing: slices, bindings })))).toMatchObject({
      why: 'unsafe',
      says: expect.stringContaining('view'),
    });
  });

  test('to add to a role that is put together out of others', async () => {
    world.put(role, { aggregationRule: {}, rules: [] });
    expect(await notPlanned(restoreRbac, world.planContext(about({ missing: slices })))).toMatchObject({ why: 'unsafe' });
  });

  test('where the binding of that name binds something else', async () => {
    world.put(role, { rules: [] });
    world.put(binding('system:coredns'), { roleRef: { name: 'view' }, subjects: [] });
    expect(await notPlanned(restoreRbac, world.planContext(about({ missing: all, bindings: [] })))).toMatchObject({ why: 'unsafe' });
  });

  test('where nothing is missing, or nobody could say', async () => {
    expect(await notPlanned(restoreRbac, world.planContext())).toMatchObject({ why: 'not-needed' });
    expect(await notPlanned(restoreRbac, world.planContext({}, ['rbac']))).toMatchObject({ why: 'unknown' });
    expect(await notPlanned(restoreRbac, world.planContext({ rbac: rbac([]) }), { component: 'kube-proxy' })).toMatchObject({
      why: 'not-here',
    });
  });

  test('that the API server takes for an escalation', async () => {
    world.put(role, { rules: [services] });
    world.refusal = new Failure('forbidden', 'clusterroles is forbidden: attempting to grant RBAC permissions not currently held', {
      status: 403,
    });
    expect(await notPlanned(restoreRbac, world.planContext(about({ missing: slices })))).toMatchObject({
      why: 'unsafe',
      says: expect.stringContaining('not currently held'),
    });
  });
});

test('what the API server checks against escalation is among the rights that are asked for', () => {
  const mine = restoreRbac.uses?.({ objects: [], params: { component: 'coredns' } }) ?? [];
  for (const { group, resource, verb } of all)
    expect(mine).toContainEqual(expect.objectContaining({ group, resource, verb, scope: 'cluster' }));
});
