import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { kubeProxy } from '../../src/collect/kube-proxy.ts';
import { schemas } from '../../src/domain/evidence.ts';
import { context, fakePort, type Answers } from './fake-port.ts';
import { fixture, ok } from './fixture.ts';
import { corednsPod, node } from './readings.ts';

const daemonSets = '/apis/apps/v1/namespaces/kube-system/daemonsets';
const pods = '/api/v1/namespaces/kube-system/pods';
const recorded: Answers = { [daemonSets]: [fixture('kube-proxy-daemonset.json')], [pods]: fixture('kube-proxy-pods.json') };
const [first, second] = fixture('kube-proxy-pods.json').map((pod: any) => pod.spec.nodeName);

const collect = (answers: Answers, some: Parameters<typeof context>[1] = {}) => {
  const port = fakePort(answers);
  return kubeProxy.collect(context(port, some)).then((data) => ({ data: schemas['kube-proxy'].parse(data), requests: port.requests }));
};
const nodes = (complete: boolean, ...names: string[]) =>
  ok('nodes', { total: names.length, complete, items: names.map((name) => node(name)) });

describe('kube-proxy', () => {
  test('a recorded cluster has its DaemonSet, its ConfigMap and a pod on each node', async () => {
    const { data, requests } = await collect(recorded, { have: { nodes: nodes(true, first, second) } });
    expect(data.daemonSet).toMatchObject({
      name: 'kube-proxy',
      desired: 2,
      ready: 2,
      configMap: 'kube-proxy-config',
      serviceAccount: 'kube-proxy',
    });
    expect(data.pods.map((pod) => [pod.node, pod.ready, pod.container.state])).toEqual([
      [first, true, 'running'],
      [second, true, 'running'],
    ]);
    expect(data.complete).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test('of a big cluster only the pods beside CoreDNS, on the node asked for and on one more are read', async () => {
    const have = {
      nodes: nodes(false, first, second, 'n3', 'n4'),
      'coredns-pods': ok('coredns-pods', { complete: true, items: [corednsPod('c1', first)] }),
    };
    const { data, requests } = await collect(recorded, { have, request: { node: second } });
    expect(data.complete).toBe(false);
    expect(data.pods).toHaveLength(2);
    expect(requests.filter((one) => one.includes('spec.nodeName=')).map((one) => /nodeName=([^&]+)/.exec(one)?.[1])).toEqual([
      second,
      first,
      'n3',
    ]);
  });

  test('without a DaemonSet it says so, and still looks for pods', async () => {
    const { data } = await collect({ [pods]: fixture('kube-proxy-pods.json') });
    expect(data).toMatchObject({ daemonSet: null, complete: true });
    expect(data.pods).toHaveLength(2);
  });

  test('the DaemonSet of Windows nodes is left out', async () => {
    const windows = { metadata: { name: 'kube-proxy-windows', labels: { 'k8s-app': 'kube-proxy' } } };
    expect((await collect({ [daemonSets]: [windows] })).data.daemonSet).toBeNull();
  });

  test('the ConfigMap is the one that --config points into, not the one with the kubeconfig', async () => {
    const raw = fixture('kube-proxy-daemonset.json');
    raw.spec.template.spec.volumes = [
      { name: 'kubeconfig', configMap: { name: 'kube-proxy' } },
      { name: 'config', configMap: { name: 'my-config' } },
    ];
    raw.spec.template.spec.containers[0].volumeMounts.unshift({ name: 'kubeconfig', mountPath: '/var/lib/kube-proxy/' });
    expect((await collect({ [daemonSets]: [raw] })).data.daemonSet?.configMap).toBe('my-config');
  });

  test('what is forbidden rejects, so that nothing is called absent that was not seen', async () => {
    await expect(collect({ [daemonSets]: new Failure('forbidden', 'no') })).rejects.toMatchObject({ reason: 'forbidden' });
    await expect(collect({ ...recorded, [pods]: new Failure('forbidden', 'no') })).rejects.toMatchObject({ reason: 'forbidden' });
  });

  test('hostile shapes give empty values, never a throw', async () => {
    const hostile = {
      metadata: { name: 'kube-proxy', labels: { 'k8s-app': 'kube-proxy' } },
      spec: { template: { spec: { containers: 'x', volumes: [null, 5] } } },
      status: [],
    };
    const { data } = await collect({ [daemonSets]: [hostile], [pods]: [{ metadata: { labels: { 'k8s-app': 'kube-proxy' } } }] });
    expect(data.daemonSet).toMatchObject({ desired: 0, image: '', configMap: null });
    expect(data.pods).toEqual([]);
  });
});
