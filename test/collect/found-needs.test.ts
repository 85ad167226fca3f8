import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { outcome } from '../../src/collect/bounded.ts';
import { clusterClass } from '../../src/collect/cluster-class.ts';
import type { Collector } from '../../src/collect/collector.ts';
import { corednsEvents } from '../../src/collect/coredns-events.ts';
import { corednsPods } from '../../src/collect/coredns-pods.ts';
import { corednsWorkload } from '../../src/collect/coredns-workload.ts';
import { dnsService } from '../../src/collect/dns-service.ts';
import { endpointSlices } from '../../src/collect/endpoint-slices.ts';
import { namedServices } from '../../src/collect/named-services.ts';
import { nodes } from '../../src/collect/nodes.ts';
import { ok, recorded } from './collected.ts';
import { context, fakePort } from './fake-port.ts';

const collectors = [
  nodes,
  clusterClass,
  corednsWorkload,
  corednsPods,
  corednsEvents,
  dnsService,
  endpointSlices,
  namedServices,
] as Collector[];
const good = context(fakePort(recorded));
const have = { nodes: ok('nodes', await nodes.collect(good)), 'dns-service': ok('dns-service', await dnsService.collect(good)) };
const many = Array.from({ length: 101 }, (_, index) => ({ metadata: { name: `n${index}` } }));
const slices = '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices';

/** `LIST /apis/apps/v1/namespaces/x/deployments?...` as verb, group and resource. */
function permissionOf(request: string): string | null {
  const [verb = '', path = ''] = request.split(' ');
  const words = (path.split('?')[0] ?? '').split('/').slice(1);
  const [root, group = ''] = words;
  if (root !== 'api' && root !== 'apis') return null;
  const rest = words.slice(root === 'api' ? 2 : 3);
  const resource = rest[0] === 'namespaces' && rest.length > 2 ? rest[2] : rest[0];
  return `${verb.toLowerCase()} ${root === 'api' ? '' : group}/${resource ?? ''}`;
}

describe.each(collectors.map((collector) => [collector.id, collector] as const))('%s', (_, collector) => {
  const allowed = collector.needs.map((need) => `${need.verb} ${need.group}/${need.resource}`);

  test.each([
    ['a healthy cluster', recorded],
    ['a cluster with nothing in it', {}],
    ['a cluster of many nodes and no EndpointSlices', { ...recorded, '/api/v1/nodes': many, [slices]: new Failure('missing', 'no') }],
  ])('asks only for what it declares in %s', async (_name, answers) => {
    const port = fakePort(answers);
    const request = { names: ['a.kube-system'], node: 'n100' };
    await outcome(collector.collect(context(port, { request, have })));
    const used = port.requests.map(permissionOf).filter((one) => one !== null);
    expect(used.length).toBeGreaterThan(0);
    expect(allowed).toEqual(expect.arrayContaining(used));
  });
});
