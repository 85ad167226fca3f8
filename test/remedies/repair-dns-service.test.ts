import { beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { repairDnsService } from '../../src/remedies/repair-dns-service.ts';
import { clusterIP, kubelets } from '../checks/evidence.ts';
import { act, EditWorld, notPlanned, planned } from './kit/edit-world.ts';

const path = '/api/v1/namespaces/kube-system/services/kube-dns';
const dns = { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 };
const tcp = { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 };
const metrics = { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 };
const healthy = { clusterIP, selector: { 'k8s-app': 'kube-dns' }, ports: [dns, tcp, metrics], internalTrafficPolicy: 'Cluster' };

let world: EditWorld;
const have = (over: object = {}): void =>
  world.put(path, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels: {} },
    spec: { ...healthy, ...over },
  });
const spec = (): unknown => world.at(path)?.['spec'];
beforeEach(() => {
  world = new EditWorld();
});

describe.each([
  ['a selector that selects nothing', { selector: { 'k8s-app': 'nope' } }, { selector: { 'k8s-app': 'kube-dns' } }],
  ['a wrong targetPort', { ports: [{ ...dns, targetPort: 5353 }, { ...tcp, targetPort: 5353 }, metrics] }, { targetPort: 53 }],
  ['a traffic policy', { internalTrafficPolicy: 'Local' }, { internalTrafficPolicy: 'Cluster' }],
])('%s', (_, wrong, params) => {
  test('is set right, and set back', async () => {
    have(wrong);
    const plan = await planned(repairDnsService, world.planContext(), params);
    expect(await act(repairDnsService, world, plan)).toMatchObject({ outcome: 'applied', undoable: true });
    expect(spec()).toEqual(healthy);
    expect(await act(repairDnsService, world, plan)).toMatchObject({ outcome: 'applied' });
    expect(world.requests).toHaveLength(1);
    expect(await act(repairDnsService, world, plan, 'undo')).toMatchObject({ outcome: 'applied', undoable: false });
    expect(spec()).toEqual({ ...healthy, ...wrong });
  });

  test('is left alone where somebody has set it otherwise since', async () => {
    have(wrong);
    const plan = await planned(repairDnsService, world.planContext(), params);
    have({ selector: { mine: 'yes' }, ports: [], internalTrafficPolicy: 'Other' });
    world.requests.length = 0;
    expect(await act(repairDnsService, world, plan)).toMatchObject({ outcome: 'refused', undoable: false });
    expect(world.requests).toEqual([]);
  });

  test('needs nothing where it is right', async () => {
    have();
    expect(await notPlanned(repairDnsService, world.planContext(), params)).toMatchObject({ why: 'not-needed' });
  });
});

test('a missing port is added, with the others as they are, and says so in its lines', async () => {
  have({ ports: [dns, metrics] });
  const plan = await planned(repairDnsService, world.planContext(), { addPorts: 'tcp' });
  await act(repairDnsService, world, plan);
  expect(spec()).toEqual({ ...healthy, ports: [dns, metrics, tcp] });
  expect(plan.objects[0]?.diff).toContain('+   - name: dns-tcp');
});

test('a port without a name gets one, for a Service of several ports must have them', async () => {
  have({ ports: [{ port: 53, protocol: 'UDP', targetPort: 'dns' }] });
  await act(repairDnsService, world, await planned(repairDnsService, world.planContext(), { addPorts: ['TCP'] }));
  expect(spec()).toEqual({ ...healthy, ports: [{ ...dns, targetPort: 'dns' }, tcp] });
});

test('labels that no CoreDNS pod has are not selected', async () => {
  have();
  expect(await notPlanned(repairDnsService, world.planContext(), { selector: 'k8s-app=other' })).toMatchObject({ why: 'unsafe' });
});

test('no other Service is touched', async () => {
  have();
  const params = { namespace: 'shop', name: 'cart', targetPort: 53 };
  expect(await notPlanned(repairDnsService, world.planContext(), params)).toMatchObject({ why: 'not-here' });
});

describe('a Service that is gone', () => {
  const gone = () => world.planContext({}, ['dns-service', 'endpoint-slices']);

  test('is made again with the address that pods have, and deleted again', async () => {
    const plan = await planned(repairDnsService, gone(), { clusterIP });
    expect(await act(repairDnsService, world, plan)).toMatchObject({ outcome: 'applied' });
    expect(spec()).toMatchObject({ clusterIP, selector: { 'k8s-app': 'kube-dns' }, ports: expect.arrayContaining([dns, tcp]) });
    await act(repairDnsService, world, plan, 'undo');
    expect(world.at(path)).toBeUndefined();
  });

  test('is not made with an address that no pod asks at', async () => {
    expect(await notPlanned(repairDnsService, gone(), { clusterIP: '10.9.9.9' })).toMatchObject({ why: 'unsafe' });
  });

  test('is not made over one that somebody made meanwhile', async () => {
    const plan = await planned(repairDnsService, gone(), { clusterIP });
    have({ clusterIP: '10.9.9.9' });
    expect(await act(repairDnsService, world, plan)).toMatchObject({ outcome: 'refused' });
  });
});

describe('a Service with another address than pods have', () => {
  const other = { clusterIP: '10.9.9.9', clusterIPs: ['10.9.9.9'] };

  test('is deleted and made again, the same but for the address, and put back', async () => {
    have(other);
    const plan = await planned(repairDnsService, world.planContext(), { clusterIP });
    expect(plan).toMatchObject({ risk: 'disruptive', objects: [{ does: 'delete' }, { does: 'create' }] });
    expect(await act(repairDnsService, world, plan)).toMatchObject({ outcome: 'applied', undoable: true });
    expect(spec()).toEqual(healthy);
    expect(await act(repairDnsService, world, plan, 'undo')).toMatchObject({ outcome: 'applied' });
    expect(spec()).toEqual({ ...healthy, clusterIP: '10.9.9.9' });
  });

  test('is put back where it cannot be made with that address', async () => {
    have(other);
    const plan = await planned(repairDnsService, world.planContext(), { clusterIP });
    let writes = 0;
    world.beforeWrite = () => {
      writes += 1;
      if (writes === 2) throw new Failure('error', 'provided IP is already allocated', { status: 422 });
    };
    expect(await act(repairDnsService, world, plan)).toMatchObject({ outcome: 'failed' });
    expect(spec()).toMatchObject({ clusterIP: '10.9.9.9' });
  });

  test('is left alone where some pods have its address', async () => {
    have(other);
    const { items } = kubelets();
    const context = world.planContext({ kubelets: { items: [...items, { ...items[0]!, clusterDNS: ['10.9.9.9'] }] } });
    expect(await notPlanned(repairDnsService, context, { clusterIP })).toMatchObject({ why: 'unsafe' });
  });

  test('is left alone where the API server says that the address is taken', async () => {
    have(other);
    world.refusal = new Failure('error', 'provided IP is already allocated', { status: 422 });
    const none = await notPlanned(repairDnsService, world.planContext(), { clusterIP });
    expect(none).toMatchObject({ why: 'unsafe', says: expect.stringContaining('already allocated') });
  });
});

test('rights to make and delete are asked for only where that is planned', async () => {
  have({ internalTrafficPolicy: 'Local' });
  const plan = await planned(repairDnsService, world.planContext(), { internalTrafficPolicy: 'Cluster' });
  expect(repairDnsService.uses?.(plan).map(({ verb }) => verb)).toEqual(['get', 'patch']);
});

test.each([{}, { selector: 'a=b', targetPort: '53' }, { selector: 'a b' }, { clusterIP: 'x' }, { targetPort: '0' }, { addPorts: 'SCTP' }])(
  'parameters %j are none',
  (params) => {
    expect(repairDnsService.params.safeParse(params).success).toBe(false);
  },
);

test('an owner that writes it anew is named', async () => {
  world.put(path, { metadata: { managedFields: [{ manager: 'eks' }] }, spec: { ...healthy, internalTrafficPolicy: 'Local' } });
  const plan = await planned(repairDnsService, world.planContext(), { internalTrafficPolicy: 'Cluster' });
  expect(plan.objects[0]?.owner).toMatchObject({ manager: 'eks-addon' });
});
