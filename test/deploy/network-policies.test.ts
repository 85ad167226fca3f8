import { describe, expect, test } from '@jest/globals';
import { policyOf } from '../../src/collect/policy-of.ts';
import type { NetworkPolicy, PolicyPod } from '../../src/domain/network.ts';
import { type Endpoint, egressVerdict, ingressVerdict } from '../../src/rules/network-policy.ts';
import { everything, podTemplates, type Thing } from './files.ts';

const all = everything().filter(({ object }) => object['kind'] === 'NetworkPolicy');
const policiesOf = (...folders: string[]): NetworkPolicy[] =>
  all
    .filter(({ file }) => folders.some((folder) => file.startsWith(`deploy/${folder}/`)))
    .map(({ object }) => policyOf(object))
    .filter((policy) => policy !== null);

const base = policiesOf('base', 'probes');

/** A pod that deploy/ makes, as policies see it. */
function pod(name: string, ip: string, more: PolicyPod['ports'] = []): PolicyPod {
  const template = podTemplates().find((one) => one.name === name)?.template ?? {};
  const ports = ((template['spec'].containers[0].ports ?? []) as Thing[]).map((port) => ({
    name: port['name'] as string,
    port: port['containerPort'] as number,
    protocol: 'TCP',
  }));
  const namespace = name.includes('probe') ? 'dns-medic-probes' : 'dns-medic';
  return {
    namespace,
    name,
    labels: template['metadata'].labels as Record<string, string>,
    namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
    ips: [ip],
    hostNetwork: false,
    ports: [...ports, ...more],
  };
}

const bot = pod('dns-medic-bot', '10.1.0.1', [{ name: 'slack', port: 3000, protocol: 'TCP' }]);
const worker = pod('dns-medic-worker', '10.1.0.2');
const redis = pod('dns-medic-redis', '10.1.0.3');
const probe = pod('dns-medic-resident-probe', '10.1.0.4');
const address = (ip: string): Endpoint => ({ ip });
const neighbour = (labels: Record<string, string> = {}): PolicyPod => ({
  ...probe,
  namespace: 'shop',
  labels: { app: 'cart' },
  namespaceLabels: { 'kubernetes.io/metadata.name': 'shop', ...labels },
  ips: ['10.1.0.9'],
});

const out = (policies: NetworkPolicy[], from: PolicyPod, to: Endpoint, port: number, protocol = 'TCP'): boolean =>
  egressVerdict(policies, from, to, port, protocol).allowed;
const into = (policies: NetworkPolicy[], from: Endpoint, to: PolicyPod, port: number): boolean =>
  ingressVerdict(policies, from, to, port, 'TCP').allowed;

describe('what the bot reaches', () => {
  test.each<[boolean, string, string, number, string]>([
    [true, 'Slack', '52.29.238.212', 443, 'TCP'],
    [true, 'Slack over IPv6', '2600:1f18::1', 443, 'TCP'],
    [true, 'names', '10.0.0.2', 53, 'UDP'],
    [true, 'names that are long', '10.0.0.2', 53, 'TCP'],
    [true, 'Redis in the VPC', '10.0.7.7', 6379, 'TCP'],
    [false, 'an API server at a private address', '10.0.0.20', 443, 'TCP'],
    [false, 'an API server behind its Service', '172.20.0.1', 443, 'TCP'],
    [false, 'an API server on its own port', '10.0.0.20', 6443, 'TCP'],
    [false, 'the metadata service', '169.254.169.254', 80, 'TCP'],
    [false, 'the metadata service, on the port that is open', '169.254.169.254', 443, 'TCP'],
    [false, 'the credentials of nodes', '169.254.170.23', 80, 'TCP'],
    [false, 'a Redis of the world', '52.29.238.212', 6379, 'TCP'],
    [false, 'a kubelet', '10.0.0.20', 10250, 'TCP'],
    [false, 'plain HTTP', '52.29.238.212', 80, 'TCP'],
  ])('%s: %s', (allowed, _, ip, port, protocol) => {
    expect(out(base, bot, address(ip), port, protocol)).toBe(allowed);
  });
});

describe('what the worker reaches', () => {
  test.each<[boolean, string, string, number, string]>([
    [true, 'an API server behind its Service', '172.20.0.1', 443, 'TCP'],
    [true, 'an API server on its own port', '10.0.0.20', 6443, 'TCP'],
    [true, 'an API server in the world', '52.29.238.212', 443, 'TCP'],
    [true, 'names', '10.0.0.2', 53, 'UDP'],
    [true, 'Redis in the VPC', '10.0.7.7', 6379, 'TCP'],
    [false, 'the metadata service', '169.254.169.254', 80, 'TCP'],
    [false, 'a kubelet', '10.0.0.20', 10250, 'TCP'],
    [false, 'a Redis of the world', '52.29.238.212', 6379, 'TCP'],
  ])('%s: %s', (allowed, _, ip, port, protocol) => {
    expect(out(base, worker, address(ip), port, protocol)).toBe(allowed);
  });
});

describe('who reaches the bot and the worker', () => {
  test.each([
    ['bot', bot],
    ['worker', worker],
  ])('%s: metrics for namespaces that are labelled for it, nothing for others', (_, target) => {
    expect(into(base, neighbour({ 'dns-medic/scrape': 'true' }), target, 8080)).toBe(true);
    expect(into(base, neighbour(), target, 8080)).toBe(false);
    expect(into(base, address('10.0.0.20'), target, 8080)).toBe(false);
    expect(into(base, worker, bot, 8080)).toBe(false);
    expect(into(base, neighbour({ 'dns-medic/scrape': 'true' }), target, 3000)).toBe(false);
  });

  test('the bot in HTTP mode: Slack, through an ingress from anywhere, on that one port', () => {
    const http = [...base, ...policiesOf('components/http')];
    expect(into(base, address('10.0.0.20'), bot, 3000)).toBe(false);
    expect(into(http, address('10.0.0.20'), bot, 3000)).toBe(true);
    expect(into(http, address('10.0.0.20'), bot, 8080)).toBe(false);
    expect(into(http, address('10.0.0.20'), worker, 3000)).toBe(false);
  });
});

describe('Redis of its own', () => {
  const own = [...base, ...policiesOf('components/redis')];

  test('is reached by the bot and the worker, wherever its address is, and by nobody else', () => {
    for (const from of [bot, worker])
      expect([out(own, from, { ...redis, ips: ['198.19.3.3'] }, 6379), into(own, from, redis, 6379)]).toEqual([true, true]);
    expect(into(own, neighbour({ 'dns-medic/scrape': 'true' }), redis, 6379)).toBe(false);
    expect(into(own, probe, redis, 6379)).toBe(false);
  });

  test('reaches nothing', () => {
    expect([out(own, redis, address('52.29.238.212'), 443), out(own, redis, address('10.0.0.2'), 53, 'UDP')]).toEqual([false, false]);
  });
});

describe('probe pods', () => {
  test('are reached by nobody, and reach everything: they look for what is in the way', () => {
    expect(into(base, neighbour({ 'dns-medic/scrape': 'true' }), probe, 8080)).toBe(false);
    expect(out(base, probe, address('10.0.0.2'), 53, 'UDP')).toBe(true);
    expect(out(base, probe, address('192.0.2.1'), 53, 'TCP')).toBe(true);
  });
});
