import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/pod-nameserver-wrong.ts';
import {
  askedAt,
  clusterIP,
  coded,
  dnsService,
  healthyFacts,
  kubelet,
  kubelets,
  lookups,
  lost,
  namedPod,
  resolvConf,
  throughResolver,
  upstreamIP,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const bad = '10.0.0.99';
const none = (...nameservers: string[]) =>
  namedPod({
    dnsPolicy: 'None',
    dnsConfig: { nameservers, searches: [], options: [] },
    resolvConf: resolvConf({ nameservers, search: [], ndots: 1 }),
    computed: null,
  });
const asked = (server: string, over = {}) => lookups([askedAt(server, over)]);

describe('pod-nameserver-wrong', () => {
  test('the address of the Service or of the cache on the node passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
    expect(judge(check, healthyFacts({ pod: none('169.254.20.10') })).status).toBe('passed');
    expect(judge(check, healthyFacts({ pod: none(clusterIP) })).status).toBe('passed');
  });

  test.each([
    ['is silent', lost()],
    ['knows no names of the cluster', coded('NXDOMAIN')],
  ])('a nameserver of its own that %s is found', (_what, over) => {
    const finding = theFinding(check, healthyFacts({ pod: none(bad), lookups: asked(bad, over) }));
    expect(finding).toMatchObject({ severity: 'critical', variant: 'own', args: { nameserver: bad, address: clusterIP } });
  });

  test('a forwarder that knows the cluster is meant so', () => {
    expect(judge(check, healthyFacts({ pod: none(bad), lookups: asked(bad) })).status).toBe('passed');
  });

  test('one that nobody could ask is mentioned, not blamed', () => {
    expect(theFinding(check, healthyFacts({ pod: none(bad), lookups: lookups([]) }))).toMatchObject({
      severity: 'info',
      variant: 'unasked',
    });
    const rows = [throughResolver('kubernetes.default', 'search', false), throughResolver('amazon.com', 'external', true)];
    expect(theFinding(check, healthyFacts({ pod: none(bad), lookups: lookups(rows) })).severity).toBe('info');
  });

  test('a resolver that finds nothing at all is proof enough', () => {
    const rows = [throughResolver('kubernetes.default', 'search', false), throughResolver('amazon.com', 'external', false)];
    expect(theFinding(check, healthyFacts({ pod: none(bad), lookups: lookups(rows) })).severity).toBe('critical');
  });

  test('a silent first one costs time, a first one that denies costs the name', () => {
    expect(theFinding(check, healthyFacts({ pod: none(bad, clusterIP), lookups: asked(bad, lost()) }))).toMatchObject({
      severity: 'high',
      variant: 'first',
    });
    expect(theFinding(check, healthyFacts({ pod: none(bad, clusterIP), lookups: asked(bad, coded('NXDOMAIN')) }))).toMatchObject({
      severity: 'critical',
      variant: 'own',
    });
  });

  test('what comes from the kubelet, the node or the Service is found elsewhere', () => {
    const own = namedPod({ resolvConf: resolvConf({ nameservers: [bad] }) });
    const told = kubelets([kubelet({ clusterDNS: [bad] })]);
    expect(judge(check, healthyFacts({ pod: own, kubelets: told, lookups: asked(bad, lost()) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ pod: { ...own, dnsPolicy: 'Default' }, lookups: asked(bad, lost()) })).status).toBe('passed');
    expect(judge(check, healthyFacts({ pod: { ...own, hostNetwork: true }, lookups: asked(bad, lost()) })).status).toBe('passed');
    const moved = dnsService({ clusterIPs: ['10.100.0.77'] });
    expect(judge(check, healthyFacts({ pod: namedPod(), 'dns-service': moved, lookups: asked(clusterIP, lost()) })).status).toBe('passed');
  });

  test('a pod that is older than the address its kubelet gives now must be created anew', () => {
    const pod = namedPod({ resolvConf: resolvConf({ nameservers: [bad] }) });
    expect(theFinding(check, healthyFacts({ pod, lookups: asked(bad, lost()) }))).toMatchObject({ severity: 'critical', variant: 'stale' });
    expect(judge(check, healthyFacts({ pod: { ...pod, resolvConfHow: 'twin' }, lookups: asked(bad, lost()) })).status).toBe('passed');
  });

  test('a pod that nobody could look into is judged by its spec', () => {
    const pod = { ...none(bad), resolvConf: null, resolvConfHow: null };
    expect(theFinding(check, healthyFacts({ pod, lookups: asked(bad, lost()) })).proof).toContainEqual({
      reading: 'pod',
      pointer: '/dnsConfig/nameservers',
    });
    expect(judge(check, healthyFacts({ pod: namedPod({ resolvConf: null, computed: null }), lookups: asked(upstreamIP) })).status).toBe(
      'not-applicable',
    );
  });
});
