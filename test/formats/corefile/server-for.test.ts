import { describe, expect, test } from '@jest/globals';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';
import { forwardTargets, kubernetesZones, listeningPorts, serverFor } from '../../../src/formats/corefile/server-for.ts';
import { block, eks, nodeLocal } from './samples.ts';

const { servers } = parseCorefile(
  '. {\n log\n}\ncorp.example:53 {\n log\n}\na.corp.example:5353 {\n log\n}\ntls://b.corp.example:53 {\n log\n}\n10.0.0.0/8 {\n log\n}\n',
);

describe('serverFor', () => {
  test.each([
    ['example.org', '.'],
    ['corp.example', 'corp.example:53'],
    ['X.Corp.Example.', 'corp.example:53'],
    ['notcorp.example', '.'],
    ['a.corp.example', 'corp.example:53'],
    ['b.corp.example', 'corp.example:53'],
    ['4.3.2.10.in-addr.arpa', '10.0.0.0/8'],
  ])('finds the block with the longest zone for %s', (name, key) => expect(serverFor(servers, name)?.keys).toEqual([key]));

  test('looks at the port', () => {
    expect(serverFor(servers, 'a.corp.example', 5353)?.keys).toEqual(['a.corp.example:5353']);
    expect(serverFor(servers, 'example.org', 5353)).toBeNull();
  });
});

test('listeningPorts gives each port once', () =>
  expect(listeningPorts(servers)).toEqual([
    { port: 53, transport: 'dns' },
    { port: 53, transport: 'tls' },
    { port: 5353, transport: 'dns' },
  ]));

test('kubernetesZones gives the arguments of the plugin, or the zones of its block', () => {
  expect(kubernetesZones(parseCorefile(eks).servers)).toEqual(['cluster.local.', 'in-addr.arpa.', 'ip6.arpa.']);
  expect(kubernetesZones(parseCorefile('Cluster.Local 10.0.0.0/8 {\n kubernetes\n}\n').servers)).toEqual([
    'cluster.local.',
    '10.in-addr.arpa.',
  ]);
});

describe('forwardTargets', () => {
  test('tells addresses from files and names', () => {
    const text = block(
      'forward corp.example 10.0.0.2 10.0.0.3:54 tls://[fd00::1]:8853 tls://9.9.9.9 fe80::1%eth0 {',
      'force_tcp',
      '}',
      'forward . /etc/resolv.conf dns.google:53',
    );
    expect(forwardTargets(parseCorefile(text).servers[0]!)).toEqual([
      {
        from: 'corp.example.',
        to: [
          { address: '10.0.0.2', port: 53, transport: 'dns' },
          { address: '10.0.0.3', port: 54, transport: 'dns' },
          { address: 'fd00::1', port: 8853, transport: 'tls' },
          { address: '9.9.9.9', port: 853, transport: 'tls' },
          { address: 'fe80::1%eth0', port: 53, transport: 'dns' },
        ],
        options: [{ name: 'force_tcp', args: [], line: 3 }],
        line: 2,
      },
      {
        from: '.',
        to: [
          { address: '/etc/resolv.conf', port: 53, transport: 'file' },
          { address: 'dns.google:53', port: 53, transport: 'file' },
        ],
        options: [],
        line: 5,
      },
    ]);
  });

  test('of NodeLocal DNSCache are the cluster DNS and the node', () =>
    expect(
      parseCorefile(nodeLocal)
        .servers.flatMap(forwardTargets)
        .map(({ to }) => to[0]!.address),
    ).toEqual(['172.20.0.11', '/etc/resolv.conf']));
});
