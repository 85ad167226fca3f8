import { beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import { applyEdit } from '../../../src/remedies/kit/apply-edit.ts';
import { type ObjectEdit, objectPath, reverse } from '../../../src/remedies/kit/edit.ts';
import { ApiWorld } from './api-world.ts';

const object = { apiVersion: 'v1', kind: 'Service', namespace: 'kube-system', name: 'kube-dns' };
const path = '/api/v1/namespaces/kube-system/services/kube-dns';
const edit: ObjectEdit = {
  object,
  how: 'patch',
  fields: [{ path: ['spec', 'selector'], before: { app: 'nope' }, after: { 'k8s-app': 'kube-dns' } }],
  body: null,
  uid: `uid-${path}`,
};
const selector = (world: ApiWorld): unknown => world.at(path)?.['spec']['selector'];
const lost = (): never => {
  throw new Failure('error', 'the connection was closed');
};

let world: ApiWorld;
beforeEach(() => {
  world = new ApiWorld();
  world.put(path, { spec: { selector: { app: 'nope' }, type: 'ClusterIP' } });
});

describe('a field is changed', () => {
  test('where it is as it was planned on, and the write is told with its version', async () => {
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'done', wrote: true });
    expect(selector(world)).toEqual({ 'k8s-app': 'kube-dns' });
    expect(world.wrote).toEqual([{ object, how: 'patched', resourceVersion: '102' }]);
  });

  test('not where it is so already', async () => {
    await applyEdit(world.context(), edit);
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'done', wrote: false });
    expect(world.requests).toHaveLength(1);
  });

  test('not where somebody has changed it to something else', async () => {
    world.put(path, { spec: { selector: { app: 'mine' } } });
    const says = 'somebody has changed spec.selector of Service kube-system/kube-dns since: it is {"app":"mine"} now';
    expect(await applyEdit(world.context(), edit)).toEqual({ is: 'refused', says });
    expect(world.requests).toEqual([]);
  });

  test('not where it is another object of that name, or none', async () => {
    expect(await applyEdit(world.context(), { ...edit, uid: 'other' })).toMatchObject({ is: 'refused' });
    world.objects.clear();
    expect(await applyEdit(world.context(), edit)).toMatchObject({
      is: 'refused',
      says: 'Service kube-system/kube-dns is not there any more',
    });
  });

  test('again where another part of the object was changed in between', async () => {
    world.beforeWrite = () => {
      world.beforeWrite = () => undefined;
      world.put(path, { spec: { selector: { app: 'nope' }, type: 'NodePort' } });
    };
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'done' });
    expect(world.at(path)?.['spec']).toEqual({ selector: { 'k8s-app': 'kube-dns' }, type: 'NodePort' });
    expect(world.requests).toHaveLength(2);
  });

  test('never over what somebody wrote in between', async () => {
    world.beforeWrite = () => world.put(path, { spec: { selector: { app: 'mine' } } });
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'refused' });
    expect(selector(world)).toEqual({ app: 'mine' });
  });

  test('at most five times', async () => {
    world.beforeWrite = () => world.put(path, world.at(path) ?? {});
    await expect(applyEdit(world.context(), edit)).rejects.toMatchObject({ status: 409 });
    expect(world.requests).toHaveLength(5);
  });

  test('once where the answer was lost', async () => {
    world.afterWrite = lost;
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'done', wrote: true });
    expect(world.requests).toHaveLength(1);
    expect(world.wrote).toHaveLength(1);
  });

  test('once where the answer was lost, and was an error of the server', async () => {
    world.afterWrite = () => {
      throw new Failure('timeout', 'the API server answered 504', { status: 504 });
    };
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'done', wrote: true });
    expect(world.requests).toHaveLength(1);
  });

  test('again where the answer was lost, and it was not done', async () => {
    world.beforeWrite = () => {
      world.beforeWrite = () => undefined;
      lost();
    };
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'done', wrote: true });
    expect(world.requests).toHaveLength(2);
  });

  test('or it is said that nobody knows, where the answer was lost and nobody answers any more', async () => {
    world.afterWrite = () => {
      world.beforeRead = lost;
      lost();
    };
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'unknown', says: expect.stringContaining('is not known') });
  });

  test('and what is seen at last is what counts, where nobody answered for a while', async () => {
    let silent = 5;
    world.afterWrite = () => {
      world.beforeRead = () => {
        silent -= 1;
        if (silent > 0) lost();
      };
      lost();
    };
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'done', wrote: true });
  });

  test('and a refusal of the API server is no lost answer', async () => {
    world.beforeWrite = () => {
      throw new Failure('error', 'is invalid', { status: 422 });
    };
    await expect(applyEdit(world.context(), edit)).rejects.toMatchObject({ status: 422 });
    expect(world.requests).toHaveLength(1);
  });

  test('not where it is being deleted', async () => {
    world.put(path, { metadata: { deletionTimestamp: '2026-11-25T00:00:00Z' }, spec: { selector: { app: 'nope' } } });
    expect(await applyEdit(world.context(), edit)).toMatchObject({ is: 'refused', says: expect.stringContaining('being deleted') });
  });

  test('not where the lease is lost', async () => {
    const mayWrite = (): never => {
      throw new Failure('error', 'the lease is lost');
    };
    await expect(applyEdit(world.context({ mayWrite }), edit)).rejects.toThrow('the lease is lost');
    expect(world.requests).toEqual([]);
  });

  test('and back', async () => {
    await applyEdit(world.context(), edit);
    await applyEdit(world.context(), reverse(edit));
    expect(selector(world)).toEqual({ app: 'nope' });
  });
});

describe('an element of a list', () => {
  const memory = ['spec', 'containers', '[name=coredns]', 'resources', 'limits', 'memory'];
  const raise: ObjectEdit = { ...edit, fields: [{ path: memory, before: null, after: '170Mi' }] };

  test('is found by its name, and nothing else of the list is written: it may hold what is hidden here', async () => {
    world.put(path, { spec: { containers: [{ name: 'side', env: [{ name: 'TOKEN', value: '[redacted]' }] }, { name: 'coredns' }] } });
    expect(await applyEdit(world.context(), raise)).toMatchObject({ is: 'done' });
    expect(world.at(path)?.['spec']['containers'][1]).toEqual({ name: 'coredns', resources: { limits: { memory: '170Mi' } } });
  });

  test('is not made', async () => {
    world.put(path, { spec: { containers: [] } });
    expect(await applyEdit(world.context(), raise)).toMatchObject({ is: 'refused' });
  });

  test('is not written where the value is one that is hidden', async () => {
    world.put(path, { spec: {} });
    const fields = [{ path: ['spec', 'env'], before: null, after: [{ name: 'A', value: '[redacted]' }] }];
    expect(await applyEdit(world.context(), { ...edit, fields })).toMatchObject({ is: 'refused' });
  });
});

describe('an object is made', () => {
  const body = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'kube-system', name: 'kube-dns' },
    spec: { clusterIP: '10.0.0.10' },
  };
  const make: ObjectEdit = { object, how: 'create', fields: [], body, uid: null };

  test('where there is none, and is not made again', async () => {
    world.objects.clear();
    await applyEdit(world.context(), make);
    expect(world.at(path)).toMatchObject({ ...body, metadata: { annotations: { 'dns-medic/order': world.context().change } } });
    expect(await applyEdit(world.context(), make)).toMatchObject({ is: 'done', wrote: true });
    expect(world.requests).toHaveLength(1);
    expect(await applyEdit(world.context({ change: 'another' }), make)).toMatchObject({ is: 'done', wrote: false });
  });

  test('not where there is another one', async () => {
    expect(await applyEdit(world.context(), make)).toMatchObject({ is: 'refused' });
  });

  test('and deleted again only where nobody has changed it', async () => {
    world.objects.clear();
    await applyEdit(world.context(), make);
    world.put(objectPath(object), { ...body, spec: { clusterIP: '10.0.0.11' } });
    expect(await applyEdit(world.context(), reverse(make))).toMatchObject({ is: 'refused' });
    world.put(objectPath(object), { ...body, spec: { clusterIP: '10.0.0.10', type: 'ClusterIP' } });
    expect(await applyEdit(world.context(), reverse(make))).toMatchObject({ is: 'refused', says: expect.stringContaining('not the one') });
    world.objects.clear();
    await applyEdit(world.context(), make);
    expect(await applyEdit(world.context(), reverse(make))).toMatchObject({ is: 'done' });
    expect(world.at(path)).toBeUndefined();
  });

  test('and not deleted where it was changed right before', async () => {
    world.objects.clear();
    await applyEdit(world.context(), make);
    world.beforeWrite = () => world.put(path, { ...body, spec: { clusterIP: '10.0.0.11' } });
    expect(await applyEdit(world.context(), reverse(make))).toMatchObject({ is: 'refused' });
    expect(world.at(path)?.['spec']).toEqual({ clusterIP: '10.0.0.11' });
  });
});
