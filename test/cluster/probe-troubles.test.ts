import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { ClusterPort } from '../../src/cluster/port.ts';
import { createProbePods } from '../../src/cluster/probes.ts';
import { listOf } from './fake-port.ts';
import { probeCluster, run, settings, spec } from './probe-cluster.ts';

describe('a probe pod that cannot start says why', () => {
  const start = (port: ClusterPort) => createProbePods(port, settings, run).start(spec);
  const waiting = (reason: string, message: string) => ({
    phase: 'Pending',
    containerStatuses: [{ state: { waiting: { reason, message } } }],
  });

  test.each([
    [
      'image',
      waiting('ErrImagePull', 'rpc error: not found'),
      'the probe image tools:1 cannot be pulled (ErrImagePull: rpc error: not found)',
    ],
    [
      'container',
      waiting('CreateContainerConfigError', 'runAsNonRoot'),
      'the probe container cannot be started (CreateContainerConfigError: runAsNonRoot)',
    ],
    [
      'full node',
      { phase: 'Failed', reason: 'OutOfpods', message: 'Node is full' },
      'the probe pod failed on its node: OutOfpods: Node is full',
    ],
    ['ended', { phase: 'Succeeded' }, 'the probe pod ended at once: is there a shell in the probe image?'],
    [
      'crash',
      { phase: 'Running', containerStatuses: [{ state: { terminated: { reason: 'Error' } } }] },
      'the probe container ended at once: Error',
    ],
    [
      'scheduler',
      { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/2 nodes' }] },
      'the probe pod cannot be scheduled: Unschedulable: 0/2 nodes',
    ],
  ])('%s', async (_what, status, message) => {
    await expect(start(probeCluster([status]))).rejects.toMatchObject({ name: 'Failure', reason: 'error', message });
  });

  test.each([
    [
      'PodSecurity',
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": x',
      /^PodSecurity of namespace probes refuses the probe pod: pods/,
    ],
    [
      'host network',
      'pods "x" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
      /label it pod-security.kubernetes.io\/enforce=privileged/,
    ],
    ['quota', 'pods "x" is forbidden: exceeded quota: q', /^the quota of namespace probes does not allow/],
    ['webhook', 'admission webhook "v.kyverno" denied the request: no', /^an admission webhook refuses/],
    [
      'end of namespace',
      'pods "x" is forbidden: unable to create new content in namespace probes because it is being terminated',
      /^the namespace probes is being deleted/,
    ],
  ])('%s', async (_what, said, message) => {
    const port = probeCluster([], { create: () => Promise.reject(new Failure('forbidden', said)) });
    await expect(start(port)).rejects.toMatchObject({ reason: 'forbidden', message: expect.stringMatching(message) });
  });

  test('a node that is not there', async () => {
    const port = probeCluster([{ phase: 'Pending' }], { get: () => Promise.reject(new Failure('missing', 'nodes "n1" not found')) });
    await expect(start(port)).rejects.toMatchObject({ reason: 'missing', message: 'there is no node n1' });
  });

  test('a node that is not ready', async () => {
    const conditions = [
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ];
    const port = probeCluster([{ phase: 'Pending' }], { get: async () => ({ status: { conditions } }) });
    await expect(start(port)).rejects.toMatchObject({
      reason: 'error',
      message: 'node n1 is NotReady since 2026-01-01T00:00:00Z, so no probe pod starts there: NodeStatusUnknown: Kubelet stopped posting',
    });
  });

  test('a network plugin without addresses, by its event', async () => {
    const events = [
      { type: 'Normal', reason: 'Pulled', lastTimestamp: '3' },
      { type: 'Warning', reason: 'FailedCreatePodSandBox', message: 'failed to assign an IP address to container', lastTimestamp: '2' },
    ];
    const port = probeCluster([waiting('ContainerCreating', '')]);
    const list = port.list.bind(port);
    port.list = (path, options) => (path.endsWith('/events') ? Promise.resolve(listOf(events)) : list(path, options));
    await expect(start(port)).rejects.toMatchObject({
      message: 'the probe pod does not start on n1: FailedCreatePodSandBox: failed to assign an IP address to container',
    });
  });
});
