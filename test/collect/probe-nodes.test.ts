import { describe, expect, test } from '@jest/globals';
import { knownNodes, probeNodes } from '../../src/collect/probe-nodes.ts';
import type { SystemPod } from '../../src/domain/coredns.ts';
import type { Evidence } from '../../src/domain/evidence.ts';
import type { Node } from '../../src/domain/nodes.ts';

const node = (name: string, some: Partial<Node> = {}): Node => ({
  ...{ name, ready: true, notReadyMessage: null, unschedulable: false, internalIP: null, zone: null, os: 'linux', arch: 'amd64' },
  ...{ kubeletVersion: 'v1.34.0', kind: 'ordinary', taints: [] },
  ...some,
});
const on = (where: string): SystemPod => ({ name: `coredns-${where}`, node: where, terminating: false }) as SystemPod;
const choose = (nodes: Node[], coredns: SystemPod[], complaint: string | null = null, max = 2) =>
  probeNodes({ nodes, coredns, complaint, max });

describe('the nodes that are asked from', () => {
  test('with nothing named, two nodes that host CoreDNS, so that both ways of each pod are seen', () => {
    expect(choose([node('a'), node('b'), node('c')], [on('b'), on('c')]).nodes).toEqual(['b', 'c']);
  });

  test('the node of the complaint comes first', () => {
    expect(choose([node('a'), node('b'), node('c')], [on('b'), on('c')], 'a').nodes).toEqual(['a', 'b']);
  });

  test('nodes of another zone are preferred for the second CoreDNS node', () => {
    const nodes = [node('a', { zone: '1' }), node('b', { zone: '1' }), node('c', { zone: '2' })];
    expect(choose(nodes, [on('a'), on('b'), on('c')]).nodes).toEqual(['a', 'c']);
  });

  test('a node that does not host CoreDNS is the second one when all CoreDNS pods share a node', () => {
    expect(choose([node('a'), node('b')], [on('a'), on('a')]).nodes).toEqual(['a', 'b']);
  });

  test('never more than asked for, of five thousand', () => {
    const nodes = Array.from({ length: 5000 }, (_, index) => node(`n${index}`));
    expect(choose(nodes, [on('n7'), on('n8')], null, 3).nodes).toEqual(['n7', 'n8', 'n0']);
  });

  test('nodes that are down, Windows or Fargate are not asked from, and the named one says why', () => {
    const nodes = [node('down', { ready: false }), node('win', { os: 'windows' }), node('far', { kind: 'fargate' }), node('ok')];
    const { nodes: chosen, refused } = choose(nodes, [on('far')], 'down');
    expect(chosen).toEqual(['ok']);
    expect(refused).toEqual([{ node: 'down', reason: 'node down is not ready' }]);
  });

  test('a node that is not there is said', () => {
    expect(choose([node('a')], [], 'nowhere').refused).toEqual([{ node: 'nowhere', reason: 'there is no node nowhere' }]);
  });
});

describe('the nodes to choose from', () => {
  const reading = (id: string, data: unknown) => ({ id, status: 'ok' as const, data, durationMs: 0 });
  const coredns = reading('coredns-pods', {
    items: [
      { node: 'a', container: { state: 'running' } },
      { node: 'b', container: { state: 'waiting' } },
      { node: null, container: { state: 'waiting' } },
    ],
  });
  const pod = reading('pod', { node: 'fargate-ip-10-0-0-1' });

  test('are those that were read', () => {
    expect(knownNodes({ nodes: reading('nodes', { items: [node('x')] }), 'coredns-pods': coredns } as unknown as Evidence)).toEqual([
      node('x'),
    ]);
  });

  test('where they may not be read, those that the named pod and CoreDNS run on', () => {
    const nodes = knownNodes({ 'coredns-pods': coredns, pod } as unknown as Evidence);
    expect(nodes.map(({ name, ready, kind }) => [name, ready, kind])).toEqual([
      ['fargate-ip-10-0-0-1', true, 'fargate'],
      ['a', true, 'ordinary'],
    ]);
    expect(knownNodes({})).toEqual([]);
  });
});
