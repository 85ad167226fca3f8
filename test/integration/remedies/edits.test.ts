import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../../src/base/failure.ts';
import { connect, type ConnectedCluster } from '../../../src/cluster/connect.ts';
import type { ClusterPort, Json } from '../../../src/cluster/port.ts';
import { applyEdits, type Edits } from '../../../src/remedies/kit/act.ts';
import { applyEdit } from '../../../src/remedies/kit/apply-edit.ts';
import { createOf, listPath, type ObjectEdit, objectPath, patchOf, reverse } from '../../../src/remedies/kit/edit.ts';
import { changeOf } from '../../../src/remedies/kit/fields.ts';
import type { ActContext, Wrote } from '../../../src/remedies/remedy.ts';
import { kubeconfig, onCluster } from '../check/lab/cluster.ts';

const namespace = 'dns-medic-test-edits';
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'none' };
const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace, name: 'ours' };
const MERGE = 'application/merge-patch+json';
const ndots = (value: string) => ({ spec: { template: { spec: { dnsConfig: { options: [{ name: 'ndots', value }] } } } } });

onCluster('edits of objects, at a real API server', () => {
  let real: ConnectedCluster;
  let edit: ObjectEdit;
  let wrote: Wrote[];

  const context = (over: Partial<ClusterPort> = {}, change = 'c'.repeat(32)): ActContext => {
    const never = new AbortController().signal;
    const own = {
      port: { ...real, ...over },
      change,
      say: () => undefined,
      wrote: (write: Wrote) => Promise.resolve(void wrote.push(write)),
      mayWrite: () => undefined,
      stopping: never,
      signal: never,
      now: Date.now,
      pause: (ms: number) => sleep(ms),
    };
    return own as unknown as ActContext;
  };
  const options = async (): Promise<unknown> =>
    (await real.get(objectPath(deployment)))['spec']['template']['spec']['dnsConfig']?.['options'];
  const lost = (): never => {
    throw new Failure('error', 'the connection was reset');
  };
  /** Somebody else writes right before the first write of ours, or before all of them. */
  const before = (somebody: () => Promise<unknown>, all = false): Partial<ClusterPort> => {
    let writes = 0;
    const first = async (): Promise<void> => {
      writes += 1;
      if (all || writes === 1) await somebody();
    };
    return {
      patch: (...args) => first().then(() => real.patch(...args)),
      delete: (...args) => first().then(() => real.delete(...args)),
    };
  };
  const patched = (body: Json) => real.patch(objectPath(deployment), body, MERGE);

  beforeAll(async () => {
    real = await connect({ kind: 'kubeconfig', file: kubeconfig, context: null }, process.env);
    await real.create('/api/v1/namespaces', { metadata: { name: namespace, labels: { 'dns-medic-test': 'true' } } }).catch(() => undefined);
  });
  afterAll(async () => {
    await real.delete(`/api/v1/namespaces/${namespace}`).catch(() => undefined);
    await real.close();
  });
  beforeEach(async () => {
    wrote = [];
    for (const object of [deployment, policy]) {
      await real.delete(objectPath(object), { propagationPolicy: 'Background' }).catch(() => undefined);
    }
    const containers = [{ name: 'a', image: 'none', env: [{ name: 'PASSWORD', value: 'correct horse battery' }] }];
    const template = { metadata: { labels: { app: 'none' } }, spec: { containers } };
    await real.create(listPath(deployment), {
      metadata: { name: 'none' },
      spec: { replicas: 0, selector: { matchLabels: { app: 'none' } }, template },
    });
    const live = await real.get(objectPath(deployment));
    const path = ['spec', 'template', 'spec', 'dnsConfig', 'options'];
    edit = patchOf(deployment, [changeOf(live, path, [{ name: 'ndots', value: '2' }])], { uid: live['metadata'].uid });
  });

  test('one is done once, and taken back so that nothing is left of it', async () => {
    const template = (await real.get(objectPath(deployment)))['spec']['template'];
    expect(await applyEdit(context(), edit)).toEqual({ is: 'done', wrote: true });
    expect(await applyEdit(context(), edit)).toEqual({ is: 'done', wrote: true });
    expect(wrote).toMatchObject([{ how: 'patched', resourceVersion: expect.stringMatching(/^\d+$/) }]);
    expect(await options()).toEqual([{ name: 'ndots', value: '2' }]);
    await applyEdit(context(), reverse(edit));
    await applyEdit(context(), reverse(edit));
    expect((await real.get(objectPath(deployment)))['spec']['template']).toEqual(template);
  });

  test('it is done beside what somebody writes into another part at the same moment, and gives way where that never ends', async () => {
    let count = 0;
    const label = () => patched({ metadata: { labels: { count: String((count += 1)) } } });
    expect(await applyEdit(context(before(label)), edit)).toEqual({ is: 'done', wrote: true });
    expect((await real.get(objectPath(deployment)))['metadata']['labels']).toEqual({ count: '1' });
    await expect(applyEdit(context(before(label, true)), reverse(edit))).rejects.toMatchObject({ status: 409 });
    expect(count).toBe(6);
  });

  test('what somebody wrote into the very same field a moment before stays, and is told', async () => {
    const theirs = await applyEdit(context(before(() => patched(ndots('4')))), edit);
    expect(theirs).toEqual({ is: 'refused', says: expect.stringContaining('"value":"4"') });
    expect(await options()).toEqual([{ name: 'ndots', value: '4' }]);
  });

  test('an undo stops before what somebody edited since', async () => {
    await applyEdit(context(), edit);
    await patched(ndots('3'));
    expect(await applyEdit(context(), reverse(edit))).toMatchObject({ is: 'refused', says: expect.stringContaining('"value":"3"') });
  });

  test('a lost answer is followed up: it is done once', async () => {
    let writes = 0;
    const patch: ClusterPort['patch'] = async (...args) => {
      // one that comes too late for the version that it names is none: the Deployment's controller writes too
      await real.patch(...args);
      writes += 1;
      return lost();
    };
    expect(await applyEdit(context({ patch }), edit)).toEqual({ is: 'done', wrote: true });
    expect(writes).toBe(1);
    expect(wrote).toHaveLength(1);
  });

  test('an object that was made again is another one', async () => {
    await applyEdit(context(), { ...edit, uid: '00000000-0000-0000-0000-000000000000' }).then((edited) =>
      expect(edited).toMatchObject({ is: 'refused', says: expect.stringContaining('another one') }),
    );
  });

  test('the secret beside what is changed stays: it is hidden from us, and not written', async () => {
    await applyEdit(context(), edit);
    const value = '/spec/template/spec/containers/0/env/0/value';
    expect((await real.get(objectPath(deployment)))['spec']['template']['spec']['containers'][0]['env'][0]['value']).toBe('[redacted]');
    const is = (text: string) =>
      real.patch(`${objectPath(deployment)}?dryRun=All`, [{ op: 'test', path: value, value: text }], 'application/json-patch+json');
    await expect(is('correct horse battery')).resolves.toBeDefined();
    await expect(is('[redacted]')).rejects.toMatchObject({ status: 422 });
  });

  test('a Scale of none is one of 0, and is written through the scale alone', async () => {
    const scale = patchOf(deployment, [{ path: ['spec', 'replicas'], before: 0, after: 1 }], { uid: edit.uid, subresource: 'scale' });
    expect(await applyEdit(context(), scale)).toEqual({ is: 'done', wrote: true });
    expect((await real.get(objectPath(deployment)))['spec']['replicas']).toBe(1);
    expect(await applyEdit(context(), scale)).toEqual({ is: 'done', wrote: true });
    await applyEdit(context(), reverse(scale));
    expect((await real.get(objectPath(deployment)))['spec']['replicas']).toBe(0);
  });

  test('an act that is gone on with after its worker died can still be undone', async () => {
    const data: Edits = { edits: [edit], rollout: null };
    await applyEdits(context(), data, { undo: '' });
    expect(await applyEdits(context(), data, { undo: '' })).toMatchObject({ outcome: 'applied', undoable: true });
  });

  test('what an order made it alone deletes, and only as it made it', async () => {
    const spec = {
      podSelector: { matchLabels: { app: 'none' } },
      policyTypes: ['Egress'],
      egress: [{ ports: [{ protocol: 'UDP', port: 53 }] }],
    };
    const make = createOf(policy, { spec });
    const at = objectPath(policy);
    expect(await applyEdit(context(), make)).toEqual({ is: 'done', wrote: true });
    expect(await applyEdit(context({}, 'another'), make)).toEqual({ is: 'done', wrote: false });
    expect(await applyEdit(context({}, 'another'), reverse(make))).toMatchObject({ is: 'refused' });
    // changed between our look and our delete: the precondition holds it back, and the next look sees it
    const opened = () => real.patch(at, { spec: { egress: [] } }, MERGE);
    expect(await applyEdit(context(before(opened)), reverse(make))).toMatchObject({
      is: 'refused',
      says: expect.stringContaining('has changed'),
    });
    await real.patch(at, { spec: { egress: spec.egress } }, MERGE);
    const del: ClusterPort['delete'] = async (...args) => {
      await real.delete(...args);
      return lost();
    };
    expect(await applyEdit(context({ delete: del }), reverse(make))).toMatchObject({ is: 'done' });
    await expect(real.get(at)).rejects.toMatchObject({ reason: 'missing' });
  });
});
