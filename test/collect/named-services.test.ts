import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { namedServices } from '../../src/collect/named-services.ts';
import type { LookupRow, Lookups } from '../../src/domain/lookups.ts';
import { collected, failed, ok } from './collected.ts';
import { context, fakePort } from './fake-port.ts';

const cluster = {
  '/api/v1/namespaces': [{ metadata: { name: 'shop' } }],
  '/api/v1/namespaces/shop/services': [
    { metadata: { name: 'cart' }, spec: { clusterIP: '10.100.1.1', type: 'ClusterIP' } },
    { metadata: { name: 'web' }, spec: { clusterIP: 'None', type: 'ClusterIP' } },
    { metadata: { name: 'idle' }, spec: { clusterIP: 'None' } },
    { metadata: { name: 'out' }, spec: { type: 'ExternalName', externalName: 'db.example.com' } },
  ],
  '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices': [
    { metadata: { labels: { 'kubernetes.io/service-name': 'web' } }, endpoints: [{ addresses: ['10.0.0.1'] }] },
    {
      metadata: { labels: { 'kubernetes.io/service-name': 'idle' } },
      endpoints: [{ addresses: ['10.0.0.2'], conditions: { ready: false } }],
    },
  ],
};

function row(name: string, answers: string[]): LookupRow {
  const rcodes = { [answers.length > 0 ? 'NOERROR' : 'NXDOMAIN']: 5 };
  const from = { node: 'n', pod: 'p', how: 'probe' as const };
  const server = { server: '10.100.0.10', port: 53, serverKind: 'cluster-ip' as const, serverPod: null, serverNode: null };
  const asked = { proto: 'udp' as const, name, role: 'asked' as const, type: 'A', shots: 5 };
  return { from, ...server, ...asked, answered: 5, rcodes, flags: [], answers, p50Ms: 1, maxMs: 1, failure: null };
}

function lookups(...rows: LookupRow[]): { lookups: ReturnType<typeof ok<Lookups>> } {
  return { lookups: ok('lookups', { zone: 'cluster.local', rows, sources: [], failures: [] }) };
}

describe('named-services', () => {
  test('need not run without names', () => {
    const { request } = context(fakePort({}));
    expect([namedServices.skip?.(request), namedServices.skip?.({ ...request, names: ['a'] })]).toEqual(['no name was given', null]);
  });

  test('gives the Services of the namespace that a name means', async () => {
    const host = 'crat.shop.svc.cluster.local';
    const port = fakePort(cluster);
    const have = lookups(row(`${host}.`, []));
    const { names } = await collected(namedServices, context(port, { request: { names: [host] }, have }));
    expect(names).toEqual([
      {
        host,
        service: 'crat',
        namespace: 'shop',
        namespaceExists: true,
        services: ['cart', 'web', 'idle', 'out'],
        headlessNotReady: false,
        externalName: null,
      },
    ]);
    expect(port.requests).toEqual(['GET /api/v1/namespaces/shop', 'LIST /api/v1/namespaces/shop/services?limit=500']);
  });

  test('does not ask about names that are answered, or are not of the cluster', async () => {
    const port = fakePort(cluster);
    const names = ['cart.shop.svc.cluster.local', 'www.example.com', 'example.com.'];
    const have = lookups(row('cart.shop.svc.cluster.local.', ['10.100.1.1']));
    expect(await collected(namedServices, context(port, { request: { names }, have }))).toEqual({ names: [] });
    expect(port.requests).toEqual([]);
  });

  test('says of a missing namespace that it is missing, but takes example.com for a name of the world', async () => {
    const names = ['cart.shpo.svc', 'example.com'];
    const found = await collected(namedServices, context(fakePort(cluster), { request: { names } }));
    expect(found.names).toEqual([
      expect.objectContaining({ host: 'cart.shpo.svc', namespace: 'shpo', namespaceExists: false, services: [] }),
    ]);
  });

  test('knows the namespace of a short name from the pod', async () => {
    const request = { names: ['idle', 'web', 'out'], pod: 'shop/cart-1' };
    const { names } = await collected(namedServices, context(fakePort(cluster), { request }));
    expect(names.map((one) => [one.service, one.headlessNotReady, one.externalName])).toEqual([
      ['idle', true, null],
      ['web', false, null],
      ['out', false, 'db.example.com'],
    ]);
    expect(await collected(namedServices, context(fakePort(cluster), { request: { names: ['idle'] } }))).toEqual({ names: [] });
  });

  test('does not call forbidden what is missing', async () => {
    const port = fakePort({ ...cluster, '/api/v1/namespaces/shop': new Failure('forbidden', 'no') });
    expect((await failed(namedServices, context(port, { request: { names: ['a.shop'] } }))).reason).toBe('forbidden');
  });
});
