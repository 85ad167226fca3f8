import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-colocated.ts';
import { corednsPod, corednsPods, healthyFacts, node, nodes } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const together = corednsPods([corednsPod(), { ...corednsPod({}, 1), node: 'node-a' }]);

describe('coredns-colocated', () => {
  test('passes when they are apart', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is medium when all are on one of several nodes', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-pods': together }))).toMatchObject({
      severity: 'medium',
      args: { node: 'node-a', count: 2, nodes: 2 },
      remedies: [{ id: 'spread-coredns' }],
    });
  });

  test('does not apply where there is one node for them', () => {
    expect(judge(check, healthyFacts({ 'coredns-pods': together, nodes: nodes([node()]) })).status).toBe('not-applicable');
    expect(
      judge(check, healthyFacts({ 'coredns-pods': together, nodes: nodes([node(), node({ name: 'node-b', unschedulable: true })]) }))
        .status,
    ).toBe('not-applicable');
  });

  test('a common zone is worth knowing', () => {
    const pods = corednsPods([corednsPod(), { ...corednsPod({}, 1), node: 'node-c' }]);
    const three = nodes([node(), node({ name: 'node-b', zone: 'eu-west-1b' }), node({ name: 'node-c' })]);
    expect(theFinding(check, healthyFacts({ 'coredns-pods': pods, nodes: three }))).toMatchObject({ severity: 'info', variant: 'zone' });
  });
});
