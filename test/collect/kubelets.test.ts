import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import type { ProbePods, ProbeSpec } from '../../src/cluster/probe-port.ts';
import { kubelets } from '../../src/collect/kubelets.ts';
import { schemas } from '../../src/domain/evidence.ts';
import { context, fakePort, type Answers } from './fake-port.ts';
import { ok } from './fixture.ts';
import { fakeProbes } from './fake-probes.ts';
import { corednsPod, node } from './readings.ts';

const configz = (name: string) => `/api/v1/nodes/${name}/proxy/configz`;
/** As a 1.34 kubelet answers. */
const answer = (clusterDNS: unknown) => ({ kubeletconfig: { clusterDomain: 'cluster.local', clusterDNS, resolvConf: '/etc/resolv.conf' } });
const forbidden = new Failure('forbidden', 'nodes/proxy', { allow: 'get nodes/proxy' });
const resolvConf = 'search dns-medic.svc.corp.example svc.corp.example corp.example\nnameserver 10.100.0.10\noptions ndots:5\n';

const have = {
  nodes: ok('nodes', { total: 3, complete: true, items: [node('a'), node('b'), node('w', { os: 'windows' })] }),
  'coredns-pods': ok('coredns-pods', { complete: true, items: [corednsPod('c1', 'b')] }),
};
const collect = async (answers: Answers, probes: ProbePods | null = null, request: object = {}) => {
  const port = fakePort(answers);
  const data = schemas.kubelets.parse(await kubelets.collect({ ...context(port, { have, request }), probes }));
  return { items: data.items, requests: port.requests };
};

describe('kubelets', () => {
  test('each says what it writes into new pods', async () => {
    const { items } = await collect({ [configz('a')]: answer(['10.100.0.10']), [configz('b')]: answer(['10.100.0.99']) });
    expect(items).toEqual([
      { node: 'b', source: 'configz', clusterDNS: ['10.100.0.99'], clusterDomain: 'cluster.local', resolvConf: '/etc/resolv.conf' },
      { node: 'a', source: 'configz', clusterDNS: ['10.100.0.10'], clusterDomain: 'cluster.local', resolvConf: '/etc/resolv.conf' },
    ]);
  });

  test('one that does not answer does not hide the others', async () => {
    const { items } = await collect({ [configz('a')]: answer(['10.100.0.10']), [configz('b')]: new Failure('timeout', 'slow') });
    expect(items.map(({ node: name }) => name)).toEqual(['a']);
  });

  test('where that is forbidden, one refusal is enough, and probe pods are read', async () => {
    const started: ProbeSpec[] = [];
    const { items, requests } = await collect(
      { [configz('a')]: forbidden, [configz('b')]: forbidden },
      fakeProbes(() => resolvConf, started),
      { node: 'a' },
    );
    expect(requests).toHaveLength(1);
    expect(items).toEqual(
      ['a', 'b'].map((name) => ({
        node: name,
        source: 'probe',
        clusterDNS: ['10.100.0.10'],
        clusterDomain: 'corp.example',
        resolvConf: null,
      })),
    );
    expect(started.every(({ dnsPolicy, role }) => dnsPolicy === 'ClusterFirst' && role === 'probe')).toBe(true);
  });

  test('without probe pods it says what to allow', async () => {
    await expect(collect({ [configz('b')]: forbidden })).rejects.toMatchObject({ reason: 'forbidden', allow: 'get nodes/proxy' });
  });

  test('a hostile answer gives empty values', async () => {
    const { items } = await collect({ [configz('a')]: answer([5, null]), [configz('b')]: { kubeletconfig: 'x' } });
    expect(items.map(({ clusterDNS }) => clusterDNS)).toEqual([[], []]);
  });
});
