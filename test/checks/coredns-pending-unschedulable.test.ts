import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-pending-unschedulable.ts';
import { corednsPod, corednsPods, healthyFacts, minutesAgo, workload } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const pending = {
  phase: 'Pending',
  ready: false,
  node: null,
  ip: null,
  unschedulable: "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector",
};

describe('coredns-pending-unschedulable', () => {
  test('passes when every pod has a node', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is critical when no pod serves', () => {
    const pods = corednsPods([corednsPod(pending), corednsPod(pending, 1)]);
    const finding = theFinding(
      check,
      healthyFacts({ 'coredns-pods': pods, 'coredns-workload': workload({ nodeSelector: { 'eks.amazonaws.com/nodegroup': 'dns' } }) }),
    );
    expect(finding).toMatchObject({ severity: 'critical', args: { count: 2, of: 2, selector: ['eks.amazonaws.com/nodegroup=dns'] } });
  });

  test('is high when one pod is left', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-pods': corednsPods([corednsPod(), corednsPod(pending, 1)]) })).severity).toBe('high');
  });

  test('is only worth knowing while a node is being started for it', () => {
    const pods = corednsPods([corednsPod(), corednsPod({ ...pending, createdAt: minutesAgo(2) }, 1)]);
    expect(theFinding(check, healthyFacts({ 'coredns-pods': pods })).severity).toBe('info');
  });
});
