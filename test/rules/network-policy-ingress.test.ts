import { describe, expect, test } from '@jest/globals';
import type { NetworkPolicy, PolicyPod } from '../../src/domain/network.ts';
import { ingressVerdict, pathVerdict } from '../../src/rules/network-policy.ts';
import { DNS_PORTS, coredns, label, policy, pod } from './policy-fixtures.ts';

const web = pod();

describe('ingress into CoreDNS, UDP 53', () => {
  const inKubeSystem = (spec: Partial<NetworkPolicy>) =>
    policy({ namespace: 'kube-system', podSelector: label('k8s-app', 'kube-dns'), ...spec });
  const access = inKubeSystem({ ingress: [{ from: [{ namespaceSelector: {}, podSelector: label('access', 'dns') }] }] });
  const allowed = (policies: NetworkPolicy[], client: PolicyPod | { ip: string } = web, server: PolicyPod = coredns) =>
    ingressVerdict(policies, client, server, 53, 'UDP').allowed;

  test('is denied to all clients without the label that a policy asks for', () => {
    expect(allowed([access])).toBe(false);
    expect(allowed([access], pod({ labels: { access: 'dns' } }))).toBe(true);
    expect(allowed([access], pod({ labels: { access: 'dns' }, namespace: 'kube-system' }))).toBe(true);
  });

  test('is not touched by a policy for other pods or of the client namespace', () => {
    expect(allowed([{ ...access, podSelector: label('k8s-app', 'metrics-server') }])).toBe(true);
    expect(allowed([policy({ policyTypes: ['Ingress'] })])).toBe(true);
  });

  test('is given to nobody by a default deny of kube-system, to all by an empty rule', () => {
    expect(allowed([inKubeSystem({ podSelector: {}, policyTypes: ['Ingress'] })])).toBe(false);
    expect(allowed([inKubeSystem({ ingress: [{}] })])).toBe(true);
  });

  test('by podSelector alone is given to pods of kube-system only', () => {
    const all = inKubeSystem({ ingress: [{ from: [{ podSelector: {} }] }] });
    expect(allowed([all])).toBe(false);
    expect(allowed([all], pod({ namespace: 'kube-system' }))).toBe(true);
  });

  test('from everywhere by an empty namespaceSelector means pods, not nodes', () => {
    const pods = inKubeSystem({ ingress: [{ from: [{ namespaceSelector: {} }], ports: DNS_PORTS }] });
    expect(allowed([pods])).toBe(true);
    expect(allowed([pods], pod({ hostNetwork: true, ips: ['10.0.9.1'] }))).toBe(false);
    expect(allowed([pods], { ip: '10.0.9.1' })).toBe(false);
  });

  test('of a node is given by its address', () => {
    const node = inKubeSystem({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.9.0/24' } }] }] });
    expect(allowed([node], pod({ hostNetwork: true, ips: ['10.0.9.1'] }))).toBe(true);
    expect(allowed([node])).toBe(false);
  });

  test('by a named port means the port of CoreDNS', () => {
    expect(allowed([inKubeSystem({ ingress: [{ ports: [{ protocol: 'UDP', port: 'dns' }] }] })])).toBe(true);
    expect(allowed([inKubeSystem({ ingress: [{ ports: [{ protocol: 'UDP', port: 'dns-tcp' }] }] })])).toBe(false);
  });

  test('into CoreDNS on the host network is not restricted', () => {
    expect(allowed([access], web, { ...coredns, hostNetwork: true })).toBe(true);
  });

  test('an egress-only policy leaves it open', () => {
    expect(allowed([inKubeSystem({ policyTypes: ['Egress'] })])).toBe(true);
  });
});

describe('pathVerdict', () => {
  const denyOut = policy({ name: 'deny-out', policyTypes: ['Egress'] });
  const denyIn = policy({ name: 'deny-in', namespace: 'kube-system', policyTypes: ['Ingress'] });

  test('names the directions that block', () => {
    const blocked = (policies: NetworkPolicy[]) => pathVerdict(policies, web, coredns, 53, 'UDP').blockedBy;
    expect(blocked([])).toEqual([]);
    expect(blocked([denyOut])).toEqual(['Egress']);
    expect(blocked([denyIn])).toEqual(['Ingress']);
    expect(blocked([denyOut, denyIn])).toEqual(['Egress', 'Ingress']);
  });

  test('says which policies select each end', () => {
    const path = pathVerdict([denyIn, denyOut, policy({ namespace: 'other', policyTypes: ['Egress'] })], web, coredns, 53, 'UDP');
    expect(path.egress.selecting).toEqual([denyOut]);
    expect(path.ingress.selecting).toEqual([denyIn]);
    expect(path.allowed).toBe(false);
  });

  test('lets a pod reach itself', () => {
    const denyAll = policy({ policyTypes: ['Ingress', 'Egress'] });
    expect(pathVerdict([denyAll], web, web, 53, 'UDP').allowed).toBe(true);
  });

  test('replies need no rule of their own', () => {
    const denyInOfClient = policy({ policyTypes: ['Ingress'] });
    expect(pathVerdict([denyInOfClient], web, coredns, 53, 'UDP').allowed).toBe(true);
  });
});
