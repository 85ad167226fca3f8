import type { ClusterPort, Json } from '../../src/cluster/port.ts';
import type { ProbeSpec } from '../../src/cluster/probe-port.ts';
import type { ProbeSettings } from '../../src/domain/settings.ts';
import { fakePort, listOf } from './fake-port.ts';

export const settings: ProbeSettings = {
  namespace: 'probes',
  image: 'tools:1',
  pullSecret: 'pull',
  tolerations: [{ operator: 'Exists' }],
  labels: { team: 'a' },
};
export const run = { id: 'run1', deadlineSeconds: 120 };
export const spec: ProbeSpec = { node: 'n1', dnsPolicy: 'ClusterFirst', role: 'probe' };
export const ran = { text: 'ok', stderr: '', exitCode: 0, truncated: false };
export const runningStatus = { phase: 'Running', containerStatuses: [{ state: { running: {} } }] };

/** A namespace in which pods get the given statuses, one after the other at each look; the last one stays. */
export function probeCluster(statuses: Json[], more: Partial<ClusterPort> = {}) {
  const pods: Json[] = [];
  let looks = 0;
  return fakePort({
    create: async (_path, body) => {
      const pod = { ...body, metadata: { ...body['metadata'], name: `pod-${pods.length + 1}` } };
      pods.push(pod);
      return pod;
    },
    list: async (_path, options) => {
      if (options?.labelSelector !== 'dns-medic/run=run1') return listOf([]);
      const status = statuses[Math.min(looks++, statuses.length - 1)];
      return listOf(pods.map((pod) => ({ ...pod, status })));
    },
    delete: async () => {},
    exec: async () => ran,
    ...more,
  });
}
