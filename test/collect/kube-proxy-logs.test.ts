import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { kubeProxyLogs } from '../../src/collect/kube-proxy-logs.ts';
import type { SystemPod } from '../../src/domain/coredns.ts';
import { schemas } from '../../src/domain/evidence.ts';
import { context, fakePort, type Answers } from './fake-port.ts';
import { fixtureText, ok } from './fixture.ts';
import { corednsPod } from './readings.ts';

const log = fixtureText('kube-proxy.log');
const proxy = (node: string, some: Partial<SystemPod> = {}) => corednsPod(`proxy-${node}`, node, some);
const collect = async (answers: Answers, pods: SystemPod[], some: Parameters<typeof context>[1] = {}) => {
  const port = fakePort(answers);
  const have = { 'kube-proxy': ok('kube-proxy', { daemonSet: null, pods, complete: true }), ...some.have };
  const { pods: read } = schemas['kube-proxy-logs'].parse(await kubeProxyLogs.collect(context(port, { ...some, have })));
  return { read, requests: port.requests };
};

describe('kube-proxy-logs', () => {
  test('a recorded log has no fault in it', async () => {
    const { read } = await collect({ 'kube-system/proxy-a': log }, [proxy('a')]);
    expect(read[0]).toMatchObject({ pod: 'proxy-a', node: 'a', previous: [], unreadable: null, lines: log.trimEnd().split('\n').length });
    expect(read[0]?.classes.map((one) => one.class).filter((one) => one !== 'synced' && one !== 'started')).toEqual([]);
  });

  test('of many, only those in trouble, beside CoreDNS and on the node asked for are read', async () => {
    const pods = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((node) => proxy(node, node === 'h' ? { ready: false } : {}));
    const have = { 'coredns-pods': ok('coredns-pods', { items: [corednsPod('c1', 'c')], complete: true }) };
    const { read } = await collect({}, pods, { have, request: { node: 'e' } });
    expect(read.map(({ node }) => node)).toEqual(['e', 'h', 'c']);
  });

  test('a restarted one shows why it ended', async () => {
    const pod = proxy('a');
    const restarted = { ...pod, container: { ...pod.container, restarts: 1 } };
    const before =
      '2026-11-23T07:30:00Z E1123 07:30:00.000000       1 reflector.go:200] "Failed to watch" err="failed to list *v1.Service: services is forbidden: User \\"system:serviceaccount:kube-system:kube-proxy\\" cannot list resource \\"services\\" in API group \\"\\" at the cluster scope" logger="UnhandledError" reflector="k8s.io/client-go/informers/factory.go:160" type="*v1.Service"\n';
    const { read } = await collect({ 'kube-system/proxy-a': log, 'kube-system/proxy-a previous': before }, [restarted]);
    expect(read[0]?.previous.map((one) => one.class)).toEqual(['api-forbidden']);
  });

  test('without pods the fact is missing, forbidden everywhere is forbidden', async () => {
    await expect(collect({}, [])).rejects.toMatchObject({ reason: 'missing' });
    await expect(collect({ 'kube-system/proxy-a': new Failure('forbidden', 'no') }, [proxy('a')])).rejects.toMatchObject({
      reason: 'forbidden',
    });
    await expect(kubeProxyLogs.collect(context(fakePort({})))).rejects.toMatchObject({ reason: 'skipped' });
  });
});
