import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/cluster/port.ts';
import { corednsEvents } from '../../src/collect/coredns-events.ts';
import { corednsWorkload } from '../../src/collect/coredns-workload.ts';
import { collected, ok, recorded } from './collected.ts';
import { context, fakePort } from './fake-port.ts';

const path = '/api/v1/namespaces/kube-system/events';
const workload = await corednsWorkload.collect(context(fakePort(recorded)));
const have = { 'coredns-workload': ok('coredns-workload', workload) };
const event = (kind: string, name: string, more: Json = {}): Json => ({
  involvedObject: { kind, name },
  type: 'Normal',
  reason: 'R',
  message: 'm',
  lastTimestamp: '2026-11-23T07:30:00Z',
  ...more,
});

describe('coredns-events', () => {
  test('gives those about the workload, its ReplicaSets and its pods, newest first', async () => {
    const { items } = await collected(corednsEvents, context(fakePort(recorded), { have }));
    expect(new Set(items.map((one) => one.kind))).toEqual(new Set(['Deployment', 'ReplicaSet', 'Pod']));
    expect(items.map((one) => Date.parse(one.lastSeen))).toEqual(items.map((one) => Date.parse(one.lastSeen)).toSorted((a, b) => b - a));
    // a new-style event, with eventTime only
    expect(items).toContainEqual(expect.objectContaining({ reason: 'Scheduled', count: 1, lastSeen: '2026-11-23T07:03:41.429125Z' }));
  });

  test('leaves out what only begins like CoreDNS', async () => {
    const names = [
      event('Pod', 'coredns-autoscaler-758f4459b8-4l4mr'),
      event('ReplicaSet', 'coredns-autoscaler'),
      event('Deployment', 'coredns-autoscaler'),
      event('Pod', 'coredns-758f4459b8-4l4mr'),
    ];
    const { items } = await collected(corednsEvents, context(fakePort({ [path]: names }), { have }));
    expect(items.map((one) => one.name)).toEqual(['coredns-758f4459b8-4l4mr']);
  });

  test('knows the pods of a DaemonSet and a StatefulSet', async () => {
    const names = [event('Pod', 'dns-4l4mr'), event('Pod', 'dns-0'), event('Pod', 'dns-758f4459b8-4l4mr')];
    const of = async (kind: 'DaemonSet' | 'StatefulSet') => {
      const owned = { 'coredns-workload': ok('coredns-workload', { ...workload, kind, name: 'dns' }) };
      return (await collected(corednsEvents, context(fakePort({ [path]: names }), { have: owned }))).items.map((one) => one.name);
    };
    expect([await of('DaemonSet'), await of('StatefulSet')]).toEqual([['dns-4l4mr'], ['dns-0']]);
  });

  test('keeps the last hour, 50 at most, and cuts long texts', async () => {
    const old = event('Deployment', 'coredns', { lastTimestamp: '2026-11-23T06:35:00Z' });
    const many = Array.from({ length: 60 }, () => event('Deployment', 'coredns', { message: 'x'.repeat(2000), count: 7 }));
    const { items } = await collected(corednsEvents, context(fakePort({ [path]: [old, ...many] }), { have }));
    expect([items.length, items[0]?.message.length, items[0]?.count]).toEqual([50, 500, 7]);
    expect((await collected(corednsEvents, context(fakePort({ [path]: [old] }), { have }))).items).toEqual([]);
  });

  test('reads the count and time of a series', async () => {
    const series = event('Deployment', 'coredns', { series: { count: 9, lastObservedTime: '2026-11-23T07:35:00.5Z' } });
    const { items } = await collected(corednsEvents, context(fakePort({ [path]: [series] }), { have }));
    expect(items[0]).toMatchObject({ count: 9, lastSeen: '2026-11-23T07:35:00.5Z' });
  });
});
