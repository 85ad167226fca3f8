import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubedns-targetport-wrong.ts';
import {
  corefile,
  directives,
  dnsService,
  endpointSlices,
  healthyFacts,
  healthyRows,
  lookups,
  lookupsWhere,
  lost,
  server,
  workload,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const ports = (udp: number | string, tcp: number | string = udp) => [
  { name: 'dns', port: 53, targetPort: udp, protocol: 'UDP' },
  { name: 'dns-tcp', port: 53, targetPort: tcp, protocol: 'TCP' },
];
const published = (udp: number, tcp = udp) => ({
  ports: [
    { name: 'dns', port: udp, protocol: 'UDP' },
    { name: 'dns-tcp', port: tcp, protocol: 'TCP' },
  ],
});
const to = (udp: number, tcp = udp) => ({
  'dns-service': dnsService({ ports: ports(udp, tcp) }),
  'endpoint-slices': endpointSlices(undefined, published(udp, tcp)),
});
const silent = (proto?: 'udp' | 'tcp') =>
  lookupsWhere((row) => (row.serverKind === 'cluster-ip' && (proto === undefined || row.proto === proto) ? lost('refused') : null));

describe('kubedns-targetport-wrong', () => {
  test('a Service that sends to port 53 passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a port where nobody listens is found, with the one that answers', () => {
    const finding = theFinding(check, healthyFacts({ ...to(5353), lookups: silent() }));
    expect(finding.severity).toBe('critical');
    expect(finding.args).toMatchObject({ published: 5353, port: 53, protocol: 'UDP and TCP' });
  });

  test('a wrong port for TCP alone breaks a part', () => {
    const finding = theFinding(check, healthyFacts({ ...to(53, 5353), lookups: silent('tcp') }));
    expect(finding).toMatchObject({ severity: 'high', args: { protocol: 'TCP', published: 5353 } });
  });

  test('a name that is no port of the pods is found', () => {
    const slices = endpointSlices(undefined, { ports: [] });
    const finding = theFinding(
      check,
      healthyFacts({ 'dns-service': dnsService({ ports: ports('domain') }), 'endpoint-slices': slices, lookups: silent() }),
    );
    expect(finding.args['published']).toContain('none');
  });

  test('CoreDNS on port 5353 with a Service that sends there is as it should be', () => {
    const high = { ...server('.', directives()), zones: [{ zone: '.', port: 5353, transport: 'dns' }] };
    const rows = healthyRows().map((row) => (row.serverKind === 'endpoint' ? { ...row, port: 5353 } : row));
    const facts = healthyFacts({ ...to(5353), corefile: corefile({ servers: [high] }), lookups: lookups(rows) });
    expect(judge(check, facts).status).toBe('passed');
    expect(judge(check, { ...facts, lookups: lookups([]) }).status).toBe('passed');
  });

  test('a port that only lookups show to work passes', () => {
    expect(judge(check, healthyFacts({ ...to(1053) })).status).toBe('passed');
  });

  test('without lookups it takes the Corefile and the container to say so', () => {
    expect(theFinding(check, healthyFacts({ ...to(5353), lookups: lookups([]) })).severity).toBe('high');
    const { 'coredns-workload': _workload, ...rest } = healthyFacts({ ...to(5353), lookups: lookups([]) });
    expect(judge(check, rest).status).toBe('passed');
    const opened = workload({
      containerPorts: [
        { name: 'dns', port: 5353, protocol: 'UDP' },
        { name: 'dns-tcp', port: 5353, protocol: 'TCP' },
      ],
    });
    expect(judge(check, { ...rest, 'coredns-workload': opened }).status).toBe('passed');
  });

  test('silence of everything is not the port', () => {
    expect(judge(check, healthyFacts({ lookups: lookupsWhere(() => lost()) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ lookups: silent() })).status).toBe('passed');
  });

  test('without ready endpoints there is nothing to judge', () => {
    expect(judge(check, healthyFacts({ ...to(5353), 'endpoint-slices': endpointSlices([]) })).status).toBe('not-applicable');
  });
});
