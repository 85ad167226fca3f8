import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-not-ready.ts';
import { corednsPod, corednsPods, healthyFacts, minutesAgo, node, nodes } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const unready = corednsPod({ ready: false, container: { ready: false, startedAt: minutesAgo(5) } }, 1);
const held = corednsPod(
  {
    ready: false,
    phase: 'Pending',
    createdAt: minutesAgo(9),
    container: { state: 'waiting', reason: 'ContainerCreating', ready: false, startedAt: null },
  },
  1,
);
const event = {
  kind: 'Pod',
  name: 'coredns-b',
  type: 'Warning',
  reason: 'FailedCreatePodSandBox',
  message: 'failed to assign an IP address to container',
  count: 4,
  lastSeen: minutesAgo(1),
};

describe('coredns-not-ready', () => {
  test('passes when all are ready', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is high for one pod, critical for all', () => {
    expect(theFinding(check, healthyFacts({ 'coredns-pods': corednsPods([corednsPod(), unready]) }))).toMatchObject({
      severity: 'high',
      variant: 'running',
    });
    expect(theFinding(check, healthyFacts({ 'coredns-pods': corednsPods([unready]) })).severity).toBe('critical');
  });

  test('tells what holds up a pod that does not start', () => {
    const finding = theFinding(
      check,
      healthyFacts({ 'coredns-pods': corednsPods([corednsPod(), held]), 'coredns-events': { items: [event] } }),
    );
    expect(finding).toMatchObject({ variant: 'waiting', args: { reason: 'failed to assign an IP address to container' } });
  });

  test('leaves the pods of a node that is not ready to that check', () => {
    const facts = healthyFacts({
      'coredns-pods': corednsPods([corednsPod(), unready]),
      nodes: nodes([node(), node({ name: 'node-b', ready: false })]),
    });
    expect(judge(check, facts).status).toBe('passed');
  });
});
