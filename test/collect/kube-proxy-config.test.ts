import { describe, expect, test } from '@jest/globals';
import { kubeProxyConfig } from '../../src/collect/kube-proxy-config.ts';
import type { KubeProxy } from '../../src/domain/kube-proxy.ts';
import { schemas } from '../../src/domain/evidence.ts';
import { context, fakePort, type Answers } from './fake-port.ts';
import { fixture, ok } from './fixture.ts';

const configMaps = '/api/v1/namespaces/kube-system/configmaps';
const proxy = (configMap: string | null): KubeProxy => ({
  daemonSet: { namespace: 'kube-system', name: 'kube-proxy', desired: 2, ready: 2, image: 'kube-proxy:v1.34.4', configMap },
  pods: [],
  complete: true,
});
const collect = async (answers: Answers, reading: KubeProxy | null = proxy('kube-proxy-config')) => {
  const have = reading === null ? {} : { 'kube-proxy': ok('kube-proxy', reading) };
  return schemas['kube-proxy-config'].parse(await kubeProxyConfig.collect(context(fakePort(answers), { have })));
};
const configMap = (name: string, data: unknown) => ({ metadata: { name }, data });

describe('kube-proxy-config', () => {
  test('a recorded cluster runs iptables mode against its API server', async () => {
    expect(await collect({ [configMaps]: [fixture('kube-proxy-config.json')] })).toEqual({
      configMap: 'kube-proxy-config',
      mode: 'iptables',
      server: 'https://172.30.0.1:6443',
      clusterCIDR: '10.244.0.0/16',
      problem: null,
    });
  });

  test('as on EKS, the kubeconfig stands in a second ConfigMap', async () => {
    const { config, kubeconfig } = fixture('kube-proxy-config.json').data;
    const answers = { [configMaps]: [configMap('kube-proxy-config', { config }), configMap('kube-proxy', { kubeconfig })] };
    expect((await collect(answers)).server).toBe('https://172.30.0.1:6443');
  });

  test('as with kubeadm, both stand in one ConfigMap under names of their own', async () => {
    const { config, kubeconfig } = fixture('kube-proxy-config.json').data;
    const answers = { [configMaps]: [configMap('kube-proxy', { 'config.conf': config, 'kubeconfig.conf': kubeconfig })] };
    expect(await collect(answers, proxy('kube-proxy'))).toMatchObject({ mode: 'iptables', server: 'https://172.30.0.1:6443' });
  });

  test('without a DaemonSet or its ConfigMap the fact is missing', async () => {
    await expect(collect({}, { ...proxy(null), daemonSet: null })).rejects.toMatchObject({ reason: 'missing' });
    await expect(collect({}, proxy(null))).rejects.toMatchObject({ reason: 'missing' });
    await expect(collect({})).rejects.toMatchObject({ reason: 'missing' });
    await expect(collect({ [configMaps]: [configMap('kube-proxy-config', { config: 5 })] })).rejects.toMatchObject({ reason: 'missing' });
    await expect(collect({}, null)).rejects.toMatchObject({ reason: 'skipped' });
  });
});
