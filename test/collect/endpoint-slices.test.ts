import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { dnsService } from '../../src/collect/dns-service.ts';
import { endpointSlices } from '../../src/collect/endpoint-slices.ts';
import { changed, collected, failed, failure, ok, recorded } from './collected.ts';
import { context, fakePort } from './fake-port.ts';

const path = '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices';
const have = { 'dns-service': ok('dns-service', await dnsService.collect(context(fakePort(recorded)))) };

describe('endpoint-slices', () => {
  test('flattens the slices of the DNS Service', async () => {
    const port = fakePort(recorded);
    const data = await collected(endpointSlices, context(port, { have }));
    expect(port.requests).toEqual([`LIST ${path}?labelSelector=kubernetes.io/service-name=kube-dns&limit=20`]);
    expect(data.slices).toBe(1);
    expect(data.endpoints.map((one) => one.address).toSorted()).toEqual(['10.244.1.2', '10.244.2.2']);
    expect(data.endpoints[0]).toMatchObject({ ready: true, serving: true, terminating: false, zone: 'eu-west-1a' });
    expect(data.endpoints[0]?.pod).toMatch(/^coredns-/);
    expect(data.ports).toContainEqual({ name: 'dns', port: 53, protocol: 'UDP' });
  });

  test('reads absent conditions as Kubernetes means them', async () => {
    const slice = changed(path, (one) => {
      one['endpoints'] = [
        { addresses: ['10.0.0.1'] },
        { addresses: ['10.0.0.2'], conditions: { ready: false, serving: true, terminating: true } },
      ];
    });
    const { endpoints } = await collected(endpointSlices, context(fakePort({ [path]: [slice, slice] }), { have }));
    expect(endpoints.map(({ ready, serving, terminating }) => [ready, serving, terminating]).slice(0, 2)).toEqual([
      [true, true, false],
      [false, true, true],
    ]);
  });

  test('a Service without endpoints has none', async () => {
    expect(await collected(endpointSlices, context(fakePort({}), { have }))).toEqual({ slices: 0, ports: [], endpoints: [] });
  });

  test('falls back to Endpoints only where the API group is not served', async () => {
    const old = { ...recorded, [path]: new Failure('missing', 'the server could not find the requested resource') };
    const data = await collected(endpointSlices, context(fakePort(old), { have }));
    expect(data.endpoints.map((one) => one.address).toSorted()).toEqual(['10.244.1.2', '10.244.2.2']);
    const refused = fakePort({ ...recorded, [path]: new Failure('forbidden', 'no') });
    expect((await failed(endpointSlices, context(refused, { have }))).reason).toBe('forbidden');
    expect(refused.requests).toHaveLength(1);
  });

  test('without the Service it says that it was not read', async () => {
    const port = fakePort(recorded);
    const none = { 'dns-service': failure<never>('dns-service', 'missing', 'no Service kube-dns') };
    expect(await failed(endpointSlices, context(port, { have: none }))).toMatchObject({ reason: 'skipped' });
    expect(port.requests).toEqual([]);
  });
});
