import { describe, expect, test } from '@jest/globals';
import { systemPod } from '../../src/collect/system-pod.ts';
import { SystemPod } from '../../src/domain/coredns.ts';
import { changed } from './collected.ts';

const path = '/api/v1/namespaces/kube-system/pods';

describe('systemPod', () => {
  test('reads a running pod', () => {
    const pod = SystemPod.parse(
      systemPod(
        changed(path, () => {}),
        'coredns',
      ),
    );
    expect(pod).toMatchObject({
      namespace: 'kube-system',
      node: 'ip-172-30-0-11.eu-west-1.compute.internal',
      phase: 'Running',
      ready: true,
    });
    expect(pod.container).toMatchObject({ state: 'running', ready: true, restarts: 0, reason: null, last: null });
    expect(pod.container.image).toContain('/eks/coredns:v1.12.4');
  });

  test('reads the state of the named container, not of a sidecar', () => {
    const crashing = changed(path, (pod) => {
      pod['spec'].containers.unshift({ name: 'agent', image: 'agent:1' });
      pod['status'].containerStatuses[0].state = { waiting: { reason: 'CrashLoopBackOff', message: 'm'.repeat(900) } };
      pod['status'].containerStatuses[0].lastState = {
        terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-11-23T07:00:00Z' },
      };
      pod['status'].containerStatuses.unshift({ name: 'agent', ready: true, state: { running: {} } });
    });
    const { container } = SystemPod.parse(systemPod(crashing, 'coredns'));
    expect(container).toMatchObject({
      state: 'waiting',
      reason: 'CrashLoopBackOff',
      last: { reason: 'OOMKilled', exitCode: 137, startedAt: null },
    });
    expect(container.message).toHaveLength(500);
  });

  test('says why a pod cannot be scheduled, and that it is going', () => {
    const pending = systemPod(
      {
        metadata: { name: 'p', deletionTimestamp: '2026-11-23T07:00:00Z' },
        spec: { containers: [{ name: 'other', image: 'i' }] },
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/2 nodes are available' }],
        },
      },
      'coredns',
    );
    expect(SystemPod.parse(pending)).toMatchObject({ unschedulable: '0/2 nodes are available', node: null, terminating: true });
    expect(pending.container).toMatchObject({ state: 'unknown', image: 'i' });
  });

  test('keeps only the annotations about security groups', () => {
    const annotations = { 'vpc.amazonaws.com/pod-eni': '[]', 'fargate.amazonaws.com/pod-sg': 'sg-1', token: 'secret' };
    expect(systemPod({ metadata: { annotations } }, 'coredns').annotations).toEqual({
      'vpc.amazonaws.com/pod-eni': '[]',
      'fargate.amazonaws.com/pod-sg': 'sg-1',
    });
  });
});
