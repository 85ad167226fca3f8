import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/coredns-nothing-listening.ts';
import { podB } from '../packets/traffic.ts';
import { captured, endpoint, endpointSlices } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const rejected = captured(({ to }) => (to === 'cluster-ip' ? { icmpBy: '10.244.1.1', icmp: 'port' } : {}));
const none = endpointSlices([endpoint(0, { ready: false })]);

describe('coredns-nothing-listening', () => {
  test('queries that nobody refuses pass', () => {
    expect(judge(check, { capture: captured(() => ({})) }).status).toBe('passed');
  });

  test('a port that nothing listens on is found', () => {
    const capture = captured(({ via }) => (via === 'b' ? { icmpBy: podB, icmp: 'port' } : {}));
    expect(theFinding(check, { capture })).toMatchObject({
      severity: 'critical',
      variant: 'port',
      subject: { kind: 'Pod', namespace: 'kube-system', name: 'coredns-b' },
      args: { by: [podB], refused: 20, of: 20 },
      remedies: [{ id: 'delete-coredns-pod', params: { pod: 'coredns-b' } }],
    });
  });

  test.each([
    ['has none', none],
    ['is not known', undefined],
  ])('the node rejects what has no endpoint: the Service %s', (_, slices) => {
    expect(theFinding(check, { capture: rejected, ...(slices === undefined ? {} : { 'endpoint-slices': slices }) })).toMatchObject({
      variant: 'endpoints',
      subject: { kind: 'Service', namespace: 'kube-system', name: 'kube-dns' },
      args: { by: ['10.244.1.1'], refused: 40 },
      remedies: [],
    });
  });

  test('where the Service has endpoints, it is kube-proxy that does not know them', () => {
    expect(theFinding(check, { capture: rejected, 'endpoint-slices': endpointSlices() })).toMatchObject({
      variant: 'rules',
      args: { endpoints: 2, node: 'node-a' },
      remedies: [{ id: 'restart-kube-proxy', params: { node: 'node-a' } }],
    });
  });
});
