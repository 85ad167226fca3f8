import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { corednsLogs } from '../../src/collect/coredns-logs.ts';
import type { SystemPod } from '../../src/domain/coredns.ts';
import { schemas } from '../../src/domain/evidence.ts';
import { context, fakePort, type Answers } from './fake-port.ts';
import { fixtureText, ok } from './fixture.ts';
import { corednsPod, corefileWith } from './readings.ts';

const log = fixtureText('coredns.log');
const crashed = (name: string): SystemPod => {
  const pod = corednsPod(name, 'b', { ready: false });
  return { ...pod, container: { ...pod.container, state: 'waiting', reason: 'CrashLoopBackOff', restarts: 3, ready: false } };
};
const collect = async (answers: Answers, pods: SystemPod[] | null, more: object = {}) => {
  const port = fakePort(answers);
  const have = { ...(pods === null ? {} : { 'coredns-pods': ok('coredns-pods', { items: pods, complete: true }) }), ...more };
  const data = schemas['coredns-logs'].parse(await corednsLogs.collect(context(port, { have })));
  return { ...data, requests: port.requests };
};
const query = (second: number, name: string, rcode: string) =>
  `2026-11-23T07:30:0${second}.000000000Z [INFO] 10.244.1.3:40000 - 1 "A IN ${name} udp 40 false 512" ${rcode} qr,aa,rd 100 0.0001s\n`;

describe('coredns-logs', () => {
  test('a recorded log gives the running hash, the version and its classes', async () => {
    const { pods, queries } = await collect({ 'kube-system/c1': log }, [corednsPod('c1', 'a')]);
    expect(pods[0]).toMatchObject({ pod: 'c1', node: 'a', version: '1.12.4', previous: [], truncated: false, unreadable: null });
    expect(pods[0]?.runningSha512).toMatch(/^8a7d59126e7f/);
    expect(pods[0]?.lines).toBe(log.trimEnd().split('\n').length);
    expect(pods[0]?.classes.map((one) => one.class)).toEqual(expect.arrayContaining(['running-hash', 'version', 'not-ready-plugins']));
    expect(queries).toBeNull();
  });

  test('a query log that has only just begun is read again a moment later', async () => {
    const { queries, requests } = await collect(
      { 'kube-system/c1': query(1, 'a.example.', 'NOERROR') + query(3, 'a.example.', 'NOERROR') },
      [corednsPod('c1', 'a')],
    );
    expect(queries?.lines).toBe(2);
    expect(requests).toHaveLength(2);
  });

  test('the log before a crash is read of those that crashed', async () => {
    const answers = {
      'kube-system/c1': log,
      'kube-system/c2': '',
      'kube-system/c2 previous': `2026-11-23T07:30:00Z /etc/coredns/Corefile:3 - Error during parsing: Unknown directive 'lg'\n`,
    };
    const { pods, requests } = await collect(answers, [corednsPod('c1', 'a'), crashed('c2')]);
    expect(pods.map(({ pod }) => pod)).toEqual(['c2', 'c1']);
    expect(pods[0]?.previous.map((one) => one.class)).toEqual(['corefile-error']);
    expect(requests).toHaveLength(3);
  });

  test('a log that cannot be read does not hide the others', async () => {
    const { pods } = await collect({ 'kube-system/c1': log, 'kube-system/c2': new Failure('timeout', 'kubelet gone') }, [
      corednsPod('c1', 'a'),
      corednsPod('c2', 'b'),
    ]);
    expect(pods.map(({ unreadable }) => unreadable)).toEqual([null, 'kubelet gone']);
  });

  test('a container that never started has no log, and is not asked', async () => {
    const pending = corednsPod('c1', null, { ready: false, phase: 'Pending' });
    const { pods, requests } = await collect({}, [
      { ...pending, container: { ...pending.container, state: 'waiting', reason: 'ImagePullBackOff' } },
    ]);
    expect(pods[0]?.unreadable).toBe('not started: ImagePullBackOff');
    expect(requests).toEqual([]);
  });

  test('forbidden everywhere is forbidden', async () => {
    await expect(collect({ 'kube-system/c1': new Failure('forbidden', 'no') }, [corednsPod('c1', 'a')])).rejects.toMatchObject({
      reason: 'forbidden',
    });
    await expect(collect({}, [])).rejects.toMatchObject({ reason: 'missing' });
    await expect(collect({}, null)).rejects.toMatchObject({ reason: 'skipped' });
  });

  test('at most ten pods are read, the troubled ones first', async () => {
    const pods = [...Array.from({ length: 15 }, (_, i) => corednsPod(`c${i}`, 'a')), crashed('bad')];
    expect((await collect({}, pods)).pods.map(({ pod }) => pod)).toEqual(['bad', ...Array.from({ length: 9 }, (_, i) => `c${i}`)]);
  });

  test('queries are added up over all pods, in the zones of the Corefile', async () => {
    const answers = {
      'kube-system/c1': query(1, 'amazon.com.shop.svc.corp.example.', 'NXDOMAIN') + query(2, 'amazon.com.', 'NOERROR'),
      'kube-system/c2':
        query(3, 'amazon.com.svc.corp.example.', 'NXDOMAIN') + query(4, 'dns-medic-1.kubernetes.default.svc.corp.example.', 'NXDOMAIN'),
    };
    const corefile = ok('corefile', corefileWith([{ name: 'kubernetes', args: ['corp.example', 'in-addr.arpa'] }]));
    const { queries } = await collect(answers, [corednsPod('c1', 'a'), corednsPod('c2', 'b')], { corefile });
    expect(queries).toMatchObject({ lines: 3, rcodes: { NXDOMAIN: 2, NOERROR: 1 } });
    expect(queries?.clients[0]).toMatchObject({ ip: '10.244.1.3', queries: 3, wasted: 2 });
  });

  test('a pod with several containers is asked for the one of CoreDNS', async () => {
    const port = fakePort({ 'kube-system/c1': log });
    const asked: (string | undefined)[] = [];
    const logs = port.logs.bind(port);
    port.logs = async (options) => {
      asked.push(options.container);
      if (options.container === undefined)
        throw new Failure('error', 'a container name must be specified for pod c1, choose one of: [coredns sidecar]');
      return logs(options);
    };
    const have = { 'coredns-pods': ok('coredns-pods', { items: [corednsPod('c1', 'a')], complete: true }) };
    const { pods } = await corednsLogs.collect(context(port, { have }));
    expect(asked).toEqual([undefined, 'coredns']);
    expect(pods[0]?.version).toBe('1.12.4');
  });
});
