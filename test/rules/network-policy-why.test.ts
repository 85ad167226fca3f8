import { describe, expect, test } from '@jest/globals';
import { egressVerdict, ingressVerdict, pathVerdict } from '../../src/rules/network-policy.ts';
import { DNS_PORTS, TO_KUBE_SYSTEM, coredns, label, policy, pod } from './policy-fixtures.ts';

const web = pod();
const service = { ips: ['10.100.0.10'] };

describe('the missing policy', () => {
  test('for egress allows the port of CoreDNS to the pods that are isolated', () => {
    const verdict = egressVerdict([policy({ name: 'deny', policyTypes: ['Egress'] })], web, coredns, 53, 'UDP');
    expect(verdict.missing).toEqual({
      namespace: 'shop',
      name: 'allow-udp-53',
      podSelector: {},
      policyTypes: ['Egress'],
      ingress: [],
      egress: [{ to: [{ ...TO_KUBE_SYSTEM, podSelector: label('k8s-app', 'kube-dns') }], ports: [{ protocol: 'UDP', port: 53 }] }],
    });
  });

  test('for ingress names the client by its application and namespace', () => {
    const narrow = policy({ namespace: 'kube-system', podSelector: label('k8s-app', 'kube-dns'), policyTypes: ['Ingress'] });
    expect(ingressVerdict([narrow], web, coredns, 53, 'TCP').missing).toMatchObject({
      namespace: 'kube-system',
      podSelector: label('k8s-app', 'kube-dns'),
      ingress: [{ from: [{ namespaceSelector: label('kubernetes.io/metadata.name', 'shop'), podSelector: label('app', 'web') }] }],
    });
  });

  test('needs no namespaceSelector within a namespace, and only addresses for nodes', () => {
    const deny = policy({ policyTypes: ['Ingress', 'Egress'] });
    const peerTo = (server: Parameters<typeof egressVerdict>[2]) => egressVerdict([deny], web, server, 53, 'UDP').missing?.egress[0]?.to;
    expect(peerTo({ ...coredns, namespace: 'shop' })).toEqual([{ podSelector: label('k8s-app', 'kube-dns') }]);
    expect(peerTo({ ...coredns, hostNetwork: true, ips: ['10.0.9.9'] })).toEqual([{ ipBlock: { cidr: '10.0.9.9/32' } }]);
    expect(peerTo({ ip: 'fd00:0::a' })).toEqual([{ ipBlock: { cidr: 'fd00::a/128' } }]);
  });

  test('picks the pods of the widest policy that isolates', () => {
    const narrow = policy({ name: 'a', podSelector: label('app', 'web'), policyTypes: ['Egress'] });
    const wide = policy({ name: 'b', policyTypes: ['Egress'] });
    expect(egressVerdict([narrow, wide], web, coredns, 53, 'UDP').missing?.podSelector).toEqual({});
  });

  test('is absent when nothing is missing, and the rule that allows is named instead', () => {
    const deny = policy({ name: 'deny', policyTypes: ['Egress'] });
    const allow = policy({ name: 'allow', egress: [{ ports: [{ port: 443 }] }, { ports: DNS_PORTS }] });
    expect(egressVerdict([deny, allow], web, coredns, 53, 'UDP')).toMatchObject({ missing: null, allowedBy: { policy: allow, rule: 1 } });
    expect(egressVerdict([], web, coredns, 53, 'UDP')).toMatchObject({ missing: null, allowedBy: null, selecting: [] });
  });
});

describe('engines that read differently', () => {
  const egress = (to: NonNullable<Parameters<typeof policy>[0]>['egress'], via = service) =>
    egressVerdict([policy({ egress: to ?? [] })], web, coredns, 53, 'UDP', via);

  test('a block around the ClusterIP only counts before DNAT', () => {
    const verdict = egress([{ to: [{ ipBlock: { cidr: '10.100.0.10/32' } }] }]);
    expect(verdict).toMatchObject({ allowed: false, dependsOnEngine: true, differsIn: ['before-dnat'] });
  });

  test('a block around the pods only counts after DNAT', () => {
    const verdict = egress([{ to: [{ ipBlock: { cidr: '10.0.0.0/16' } }] }]);
    expect(verdict).toMatchObject({ allowed: true, dependsOnEngine: true });
  });

  test('labels count in both', () => {
    expect(egress([{ to: [TO_KUBE_SYSTEM] }])).toMatchObject({ allowed: true, dependsOnEngine: false, differsIn: [] });
    expect(egress([])).toMatchObject({ allowed: false, dependsOnEngine: false });
  });

  test('before DNAT a podSelector is compared with the selector of the Service, when that is known', () => {
    const rule = [{ to: [{ ...TO_KUBE_SYSTEM, podSelector: label('eks.amazonaws.com/component', 'coredns') }] }];
    expect(egress(rule).dependsOnEngine).toBe(false);
    expect(egress(rule, { ...service, selector: { 'k8s-app': 'kube-dns' } } as typeof service).dependsOnEngine).toBe(true);
  });

  test('before DNAT a rule without labels sees the port of the Service and knows no names', () => {
    const server = { ...coredns, ports: [{ name: 'dns', port: 5353, protocol: 'UDP' }] };
    const via = { ...service, port: 53 };
    const verdict = (ports: { protocol: string; port: number | string }[], to?: (typeof TO_KUBE_SYSTEM)[]) =>
      egressVerdict([policy({ egress: [{ ports, ...(to ? { to } : {}) }] })], web, server, 5353, 'UDP', via);
    expect(verdict([{ protocol: 'UDP', port: 53 }])).toMatchObject({ allowed: false, dependsOnEngine: true });
    expect(verdict([{ protocol: 'UDP', port: 5353 }])).toMatchObject({ allowed: true, dependsOnEngine: true });
    expect(verdict([{ protocol: 'UDP', port: 'dns' }])).toMatchObject({ allowed: true, dependsOnEngine: true });
    const named = egress([{ ports: [{ protocol: 'UDP', port: 'dns' }] }]);
    expect(named).toMatchObject({ allowed: true, differsIn: ['before-dnat'] });
    expect(verdict([{ protocol: 'UDP', port: 5353 }], [TO_KUBE_SYSTEM])).toMatchObject({ allowed: true, dependsOnEngine: false });
  });

  test('a pod on the host network may be judged as a pod', () => {
    const onHost = { ...coredns, hostNetwork: true, ips: ['10.0.9.9'] };
    const verdict = egressVerdict([policy({ egress: [{ to: [TO_KUBE_SYSTEM] }] })], web, onHost, 53, 'UDP');
    expect(verdict).toMatchObject({ allowed: false, dependsOnEngine: false, differsIn: ['host-network-as-pod'] });
  });

  test('a block may not hold pods at all', () => {
    const anywhere = egressVerdict([policy({ egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] })], web, coredns, 53, 'UDP', service);
    expect(anywhere).toMatchObject({ allowed: true, dependsOnEngine: false, differsIn: ['ip-block-outside-only'] });
    const everyone = egressVerdict([policy({ egress: [{}] })], web, coredns, 53, 'UDP');
    expect(everyone.differsIn).toEqual([]);
  });

  test('nothing depends on the engine when nothing isolates the client, or the server denies anyway', () => {
    expect(egressVerdict([], web, coredns, 53, 'UDP', service).differsIn).toEqual([]);
    const block = policy({ egress: [{ to: [{ ipBlock: { cidr: '10.100.0.10/32' } }] }] });
    const denyIn = policy({ namespace: 'kube-system', policyTypes: ['Ingress'] });
    expect(pathVerdict([block], web, coredns, 53, 'UDP', service).dependsOnEngine).toBe(true);
    expect(pathVerdict([block, denyIn], web, coredns, 53, 'UDP', service).dependsOnEngine).toBe(false);
  });
});
