import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/node-notready.ts';
import { corednsPod, corednsPods, healthyFacts, homes, namedPod, node, nodes } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const down = (name: string) =>
  nodes([
    node({ ready: name !== homes[0] }),
    node({ name: homes[1], ready: name !== homes[1], notReadyMessage: 'Kubelet stopped posting node status.' }),
  ]);

describe('node-notready', () => {
  test('nodes that are ready pass', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a node with a CoreDNS pod that is gone breaks a part', () => {
    const finding = theFinding(check, healthyFacts({ nodes: down(homes[1]) }));
    expect(finding).toMatchObject({
      severity: 'high',
      subject: { name: homes[1] },
      args: { pods: ['coredns-b'], message: 'Kubelet stopped posting node status.' },
    });
    expect(finding.proof).toEqual([{ reading: 'nodes', pointer: '/items/1' }]);
  });

  test('with all CoreDNS pods on it nobody answers', () => {
    const both = corednsPods([corednsPod({ node: homes[1] }), corednsPod({}, 1)]);
    expect(theFinding(check, healthyFacts({ nodes: down(homes[1]), 'coredns-pods': both })).severity).toBe('critical');
  });

  test('the node of the named pod counts, too', () => {
    const elsewhere = corednsPods([corednsPod({}, 1)]);
    expect(theFinding(check, healthyFacts({ nodes: down(homes[0]), 'coredns-pods': elsewhere, pod: namedPod() })).args['pods']).toEqual([
      'shop/cart-1',
    ]);
  });

  test('a node that runs none of these does not matter to DNS', () => {
    const more = nodes([node(), node({ name: homes[1] }), node({ name: 'node-c', ready: false })]);
    expect(judge(check, healthyFacts({ nodes: more })).status).toBe('passed');
  });
});
