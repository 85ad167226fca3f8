import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { Json } from '../../src/cluster/port.ts';
import { nodeOf, nodes } from '../../src/collect/nodes.ts';
import { changed, collected, failed, recorded } from './collected.ts';
import { context, fakePort } from './fake-port.ts';

const path = '/api/v1/nodes';

describe('nodes', () => {
  test('gives the nodes of a small cluster with one request', async () => {
    const port = fakePort(recorded);
    const data = await collected(nodes, context(port));
    expect(port.requests).toEqual(['LIST /api/v1/nodes?limit=100']);
    expect([data.total, data.complete]).toEqual([2, true]);
    expect(data.items[0]).toEqual({
      name: 'ip-172-30-0-11.eu-west-1.compute.internal',
      ready: true,
      notReadyMessage: null,
      unschedulable: false,
      internalIP: '172.30.0.11',
      zone: 'eu-west-1a',
      os: 'linux',
      arch: 'amd64',
      kubeletVersion: 'v1.34.4',
      kind: 'ordinary',
      taints: [],
    });
  });

  test('adds the nodes of CoreDNS and the one asked about where there are more than 100', async () => {
    const many = Array.from({ length: 300 }, (_, index) => changed(path, (node) => (node['metadata'].name = `n${1000 + index}`)));
    const pods = ['n1007', 'n1250', 'n1251'].map((nodeName, index) => ({
      metadata: { name: `coredns-${index}`, labels: { 'k8s-app': 'kube-dns' } },
      spec: { nodeName },
    }));
    const port = fakePort({ [path]: many, '/api/v1/namespaces/kube-system/pods': pods });
    const data = await collected(nodes, context(port, { request: { node: 'n1299' } }));
    expect([data.total, data.complete, data.items.length]).toEqual([300, false, 103]);
    expect(data.items.slice(100).map((node) => node.name)).toEqual(['n1299', 'n1250', 'n1251']);
    expect(port.requests).toHaveLength(5);
  });

  test('leaves out a node that is not there', async () => {
    const many = Array.from({ length: 101 }, (_, index) => changed(path, (node) => (node['metadata'].name = `n${index}`)));
    const data = await collected(nodes, context(fakePort({ [path]: many }), { request: { node: 'gone' } }));
    expect(data.items).toHaveLength(100);
  });

  test('says why a node is not ready', () => {
    const silent = changed(path, (node) => {
      const ready = node['status'].conditions.find((one: Json) => one['type'] === 'Ready');
      Object.assign(ready, { status: 'Unknown', message: 'Kubelet stopped posting node status.' });
    });
    expect(nodeOf(silent)).toMatchObject({ ready: false, notReadyMessage: 'Kubelet stopped posting node status.' });
  });

  test.each([
    ['fargate-ip-10-0-0-1.ec2.internal', {}, 'fargate'],
    ['n', { 'eks.amazonaws.com/compute-type': 'fargate' }, 'fargate'],
    ['n', { 'eks.amazonaws.com/compute-type': 'auto' }, 'auto'],
    ['n', { type: 'virtual-kubelet' }, 'virtual'],
    ['n', { 'eks.amazonaws.com/compute-type': 'hybrid' }, 'ordinary'],
  ])('tells by name and labels what %s %j is', (name, labels, kind) => {
    expect(nodeOf({ metadata: { name, labels } })?.kind).toBe(kind);
  });

  test('fails with what the API server said', async () => {
    const port = fakePort({ [path]: new Failure('forbidden', 'no', { allow: 'nodes list' }) });
    expect(await failed(nodes, context(port))).toMatchObject({ reason: 'forbidden', allow: 'nodes list' });
  });
});
