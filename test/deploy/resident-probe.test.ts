import { describe, expect, test } from '@jest/globals';
import { probePod } from '../../src/cluster/probe-manifest.ts';
import type { ClusterPort } from '../../src/cluster/port.ts';
import { findResidents, residentProbe } from '../../src/cluster/resident-probe.ts';
import { DEFAULTS } from '../../src/config/load.ts';
import { NAMESPACES } from '../../scripts/deploy/rbac.ts';
import { objectsOf, type Thing } from './files.ts';

const daemonSet = objectsOf('deploy/components/resident-probe/daemon-set.yaml')[0] as Thing;
const template = daemonSet['spec'].template as Thing;
const container = template['spec'].containers[0] as Thing;
const usual: Thing = probePod({ node: 'n1', dnsPolicy: 'ClusterFirst', role: 'probe' }, DEFAULTS.probe, {
  id: '0123456789',
  deadlineSeconds: 60,
});

/** A pod that the DaemonSet made, as the API server shows it. */
const made = (over: Thing = {}): Thing => ({
  metadata: { ...template['metadata'], name: 'dns-medic-resident-probe-x7x2p' },
  spec: { ...template['spec'], nodeName: 'n1', ...over },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});

/** Answers as the API server does when it is asked for pods by label: those without it are not among them. */
function portWith(pod: Thing): { port: ClusterPort; asked: string[] } {
  const asked: string[] = [];
  const list = async (path: string, { labelSelector = '' }: { labelSelector?: string }): Promise<{ items: Thing[] }> => {
    asked.push(path);
    const [key = '', value] = labelSelector.split('=');
    return { items: pod['metadata'].labels[key] === value ? [pod] : [] };
  };
  return { port: { list } as unknown as ClusterPort, asked };
}

const found = (pod: Thing): ReturnType<typeof residentProbe> => {
  const { port } = portWith(pod);
  return residentProbe(findResidents(port, NAMESPACES.probe), NAMESPACES.probe, { node: 'n1', dnsPolicy: 'ClusterFirst', role: 'probe' });
};

describe('the resident probe', () => {
  test('is one that a check finds and uses', async () => {
    expect(daemonSet['metadata'].namespace).toBe(NAMESPACES.probe);
    expect(await found(made())).toEqual({
      namespace: 'dns-medic-probes',
      pod: 'dns-medic-resident-probe-x7x2p',
      container: 'probe',
      node: 'n1',
    });
  });

  test('would not be used with other DNS settings', async () => {
    expect(await found(made({ dnsPolicy: 'Default' }))).toBeNull();
    expect(await found(made({ hostNetwork: true }))).toBeNull();
  });

  test('is set up as a probe pod of a run: image, rights, room, tolerations', () => {
    const own = usual['spec'].containers[0] as Thing;
    expect(container['image']).toBe(own['image']);
    expect(container['securityContext']).toEqual(own['securityContext']);
    expect(container['resources']).toEqual(own['resources']);
    expect(container['volumeMounts']).toEqual(own['volumeMounts']);
    for (const key of [
      'dnsPolicy',
      'tolerations',
      'volumes',
      'automountServiceAccountToken',
      'enableServiceLinks',
      'terminationGracePeriodSeconds',
    ])
      expect([key, template['spec'][key]]).toEqual([key, usual['spec'][key]]);
  });

  test('is not taken for what a run left behind', () => {
    const labels = template['metadata'].labels as Record<string, string>;
    expect(labels['dns-medic/role']).toBe('resident');
    expect(Object.keys(labels)).not.toContain('app.kubernetes.io/managed-by');
  });
});
