import { beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import { applyEdits, type Edits, undoEdits } from '../../../src/remedies/kit/act.ts';
import { createOf, deleteOf, patchOf } from '../../../src/remedies/kit/edit.ts';
import { ApiWorld } from './api-world.ts';

const service = { apiVersion: 'v1', kind: 'Service', namespace: 'kube-system', name: 'kube-dns' };
const at = '/api/v1/namespaces/kube-system/services/kube-dns';
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'coredns' };
const deploymentAt = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
const old = { spec: { clusterIP: '10.100.0.99' } };
const stands = (clusterIP: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'kube-system', name: 'kube-dns' },
  spec: { clusterIP },
});
const undoable = { undo: 'It is put back.' };

let world: ApiWorld;
beforeEach(() => {
  world = new ApiWorld();
});

describe('what belongs together', () => {
  const anew: Edits = {
    edits: [deleteOf(service, old, `uid-${at}`), createOf(service, { spec: { clusterIP: '10.100.0.10' } })],
    together: true,
    rollout: null,
  };
  const address = (): unknown => world.at(at)?.['spec']['clusterIP'];
  beforeEach(() => world.put(at, stands('10.100.0.99')));

  test('is all done, and taken back', async () => {
    expect(await applyEdits(world.context(), anew, undoable)).toMatchObject({ outcome: 'applied', undoable: true });
    expect(address()).toBe('10.100.0.10');
    expect(await undoEdits(world.context(), anew)).toMatchObject({ outcome: 'applied', undoable: false });
    expect(address()).toBe('10.100.0.99');
    expect(await undoEdits(world.context(), anew)).toMatchObject({ outcome: 'applied' });
    expect(address()).toBe('10.100.0.99');
  });

  test('is gone on with after a worker died in the middle', async () => {
    world.objects.clear();
    expect(await applyEdits(world.context(), anew, undoable)).toMatchObject({ outcome: 'applied' });
    expect(address()).toBe('10.100.0.10');
  });

  test('is not done twice after a worker died at the end', async () => {
    await applyEdits(world.context(), anew, undoable);
    const requests = [...world.requests];
    expect(await applyEdits(world.context(), anew, undoable)).toMatchObject({ outcome: 'applied', undoable: true });
    expect(world.requests).toEqual(requests);
  });

  test('is put back where the end cannot be done', async () => {
    world.beforeWrite = () => {
      const isCreate = world.requests.at(-1)?.startsWith('POST') === true;
      if (isCreate && world.requests.length === 2) throw new Failure('error', 'provided IP is already allocated', { status: 422 });
    };
    const acted = await applyEdits(world.context(), anew, undoable);
    expect(acted).toMatchObject({ outcome: 'failed', undoable: false, says: expect.stringContaining('was taken back') });
    expect(address()).toBe('10.100.0.99');
  });

  test('and it is said where that fails too', async () => {
    world.beforeWrite = () => {
      if (world.requests.at(-1)?.startsWith('POST') === true) throw new Failure('error', 'no', { status: 422 });
    };
    const acted = await applyEdits(world.context(), anew, undoable);
    expect(acted).toMatchObject({ outcome: 'failed', undoable: true, says: expect.stringContaining('could not be put back: no') });
  });

  test('is not stopped in the middle', async () => {
    const stop = new AbortController();
    world.afterWrite = () => stop.abort();
    expect(await applyEdits(world.context({ stopping: stop.signal }), anew, undoable)).toMatchObject({ outcome: 'applied' });
  });

  test('is refused where the first has changed, and nothing is written', async () => {
    world.put(at, stands('10.100.0.98'));
    expect(await applyEdits(world.context(), anew, undoable)).toMatchObject({ outcome: 'refused', undoable: false });
    expect(world.requests).toEqual([]);
  });
});

describe('a rollout', () => {
  const fields = [{ path: ['spec', 'template', 'x'], before: null, after: '1' }];
  const data: Edits = { edits: [patchOf(deployment, fields, { uid: null })], rollout: { object: deployment, withinMs: 30_000 } };
  const workload = (updated: number, ready = 2) => ({
    metadata: { generation: 2 },
    spec: { replicas: 2, template: {} },
    status: { observedGeneration: 2, replicas: 2, updatedReplicas: updated, readyReplicas: ready },
  });

  test('is waited for', async () => {
    world.put(deploymentAt, workload(2));
    expect(await applyEdits(world.context(), data, undoable)).toMatchObject({ outcome: 'applied', undoable: true });
  });

  test('and no longer than it may take, which is said', async () => {
    world.put(deploymentAt, workload(1, 1));
    const acted = await applyEdits(world.context(), data, undoable);
    expect(acted).toMatchObject({
      outcome: 'applied',
      undoable: true,
      says: expect.stringContaining('1 of 2 new, 1 ready: not all are ready after 30 s'),
    });
    expect(acted.next[0]).toMatch('kubectl -n kube-system rollout status deployment/coredns');
  });

  test('whose state cannot be read for a while goes on all the same', async () => {
    world.put(deploymentAt, workload(2));
    let reads = 0;
    world.beforeRead = () => {
      reads += 1;
      if (reads === 2 || reads === 3) throw new Failure('timeout', 'no answer');
    };
    expect(await applyEdits(world.context(), data, undoable)).toMatchObject({
      outcome: 'applied',
      says: expect.stringContaining('pods are ready'),
    });
  });

  test('is not undone where the plan says that it cannot be', async () => {
    world.put(deploymentAt, workload(2));
    expect(await applyEdits(world.context(), data, { undo: null })).toMatchObject({ outcome: 'applied', undoable: false });
  });

  test('is not ours to undo where somebody else had done the same', async () => {
    world.put(deploymentAt, { ...workload(2), spec: { replicas: 2, template: { x: '1' } } });
    expect(await applyEdits(world.context(), data, undoable)).toMatchObject({ outcome: 'applied', undoable: false });
    const managedFields = [{ manager: 'dns-medic' }];
    world.put(deploymentAt, { ...workload(2), metadata: { generation: 2, managedFields }, spec: { replicas: 2, template: { x: '1' } } });
    expect(await applyEdits(world.context(), data, undoable)).toMatchObject({ outcome: 'applied', undoable: true });
  });

  test('is not begun where it was stopped before', async () => {
    world.put(deploymentAt, workload(2));
    const stopping = AbortSignal.abort();
    expect(await applyEdits(world.context({ stopping }), data, undoable)).toMatchObject({ outcome: 'stopped', undoable: false });
    expect(world.requests).toEqual([]);
  });
});
