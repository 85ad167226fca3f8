import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/kubedns-port-protocol-missing.ts';
import { clusterClass, dnsService, healthyFacts, lookupsWhere, lost } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const only = (...protocols: string[]) =>
  dnsService({ ports: dnsService().ports.filter(({ port, protocol }) => port !== 53 || protocols.includes(protocol)) });
const silent = (proto: string) => lookupsWhere((row) => (row.serverKind === 'cluster-ip' && row.proto === proto ? lost() : null));

describe('kubedns-port-protocol-missing', () => {
  test('a Service with both passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('a missing TCP port breaks a part', () => {
    const finding = theFinding(check, healthyFacts({ 'dns-service': only('UDP'), lookups: silent('tcp') }));
    expect(finding).toMatchObject({ severity: 'high', args: { protocols: 'TCP', portName: 'dns-tcp', targetPort: 53 } });
    expect(finding.proof.length).toBeGreaterThan(1);
  });

  test('a missing UDP port breaks lookups', () => {
    expect(theFinding(check, healthyFacts({ 'dns-service': only('TCP'), lookups: silent('udp') })).severity).toBe('critical');
  });

  test('lookups that work all the same, by a cache on the node, are not said to fail', () => {
    expect(theFinding(check, healthyFacts({ 'dns-service': only('TCP') })).severity).toBe('high');
  });

  test('a Service without any DNS port misses both', () => {
    expect(theFinding(check, healthyFacts({ 'dns-service': only(), lookups: silent('udp') })).args['protocols']).toBe('UDP and no TCP');
  });

  test('Auto Mode does not use the Service', () => {
    expect(judge(check, healthyFacts({ 'dns-service': only(), 'cluster-class': clusterClass({ autoMode: 'all' }) })).status).toBe(
      'not-applicable',
    );
  });
});
