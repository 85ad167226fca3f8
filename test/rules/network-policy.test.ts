import { describe, expect, test } from '@jest/globals';
import type { NetworkPolicy, PolicyPod } from '../../src/domain/network.ts';
import { egressVerdict } from '../../src/rules/network-policy.ts';
import { DNS_PORTS, TO_KUBE_SYSTEM, coredns, label, policy, pod } from './policy-fixtures.ts';

const web = pod();
const toDns = { ...TO_KUBE_SYSTEM, podSelector: label('k8s-app', 'kube-dns') };
type EgressRule = NetworkPolicy['egress'][number];
const ports = (...list: NonNullable<EgressRule['ports']>) => policy({ egress: [{ ports: list }] });
const to = (...list: NonNullable<EgressRule['to']>) => policy({ egress: [{ to: list }] });
const block = (cidr: string, ...except: string[]) => to({ ipBlock: { cidr, except } });
const coredns6 = { ...coredns, ips: ['fd00:2::53'] };
const corednsOnHost = { ...coredns, hostNetwork: true, ips: ['10.0.9.9'] };

type EgressCase = [
  title: string,
  policies: NetworkPolicy[],
  allowed: boolean,
  over?: { client?: PolicyPod; server?: PolicyPod | { ip: string }; port?: number; protocol?: string },
];

describe('egress of a client towards CoreDNS, UDP 53 if not said otherwise', () => {
  test.each<EgressCase>([
    ['nothing is denied without policies', [], true],
    ['default deny egress denies DNS', [policy({ policyTypes: ['Egress'] })], false],
    ['default deny egress denies DNS over TCP too', [policy({ policyTypes: ['Egress'] })], false, { protocol: 'TCP' }],
    ['default deny egress of another namespace does not matter', [policy({ policyTypes: ['Egress'], namespace: 'other' })], true],
    ['a policy in the namespace of the server does not matter', [policy({ policyTypes: ['Egress'], namespace: 'kube-system' })], true],
    ['a policy for other pods does not matter', [policy({ policyTypes: ['Egress'], podSelector: label('app', 'db') })], true],
    ['a policy for this pod matters', [policy({ policyTypes: ['Egress'], podSelector: label('app', 'web') })], false],
    ['default deny ingress leaves egress alone', [policy({ policyTypes: ['Ingress'] })], true],
    ['an empty rule allows everything', [policy({ egress: [{}] })], true],
    ['empty lists are like absent ones', [policy({ egress: [{ to: [], ports: [] }] })], true],
    [
      'no types but egress rules: egress is isolated',
      [policy({ policyTypes: [], egress: [{ to: [toDns], ports: [{ port: 1 }] }] })],
      false,
    ],
    ['no types and no egress rules: egress is free', [policy({ policyTypes: [], ingress: [{}] })], true],
    ['egress rules do not count without the type', [policy({ policyTypes: ['Ingress'], egress: [{ ports: [{ port: 1 }] }] })], true],
    [
      'deny all plus allow DNS allows DNS',
      [policy({ policyTypes: ['Egress'] }), policy({ egress: [{ to: [toDns], ports: DNS_PORTS }] })],
      true,
    ],
    ['allowing port 53 to everyone is enough', [ports(...DNS_PORTS)], true],
    ['a port without protocol is TCP: UDP stays denied', [ports({ port: 53 })], false],
    ['a port without protocol allows TCP', [ports({ port: 53 })], true, { protocol: 'TCP' }],
    ['UDP only denies TCP', [ports({ protocol: 'UDP', port: 53 })], false, { protocol: 'TCP' }],
    ['a protocol without port allows all its ports', [ports({ protocol: 'UDP' })], true],
    ['an empty port entry is all of TCP', [ports({})], false],
    ['another port does not help', [ports({ protocol: 'UDP', port: 5353 })], false],
    ['a range holds its ports', [ports({ protocol: 'UDP', port: 50, endPort: 60 })], true],
    ['a range holds its last port', [ports({ protocol: 'UDP', port: 50, endPort: 53 })], true],
    ['a range ends', [ports({ protocol: 'UDP', port: 50, endPort: 52 })], false],
    ['a range begins', [ports({ protocol: 'UDP', port: 54, endPort: 60 })], false],
    ['SCTP is a protocol of its own', [ports({ protocol: 'SCTP', port: 53 })], false],
    ['SCTP matches SCTP', [ports({ protocol: 'SCTP', port: 53 })], true, { protocol: 'sctp' }],
    ['a named port is one of the server', [ports({ protocol: 'UDP', port: 'dns' })], true],
    ['a named port has a protocol', [ports({ protocol: 'TCP', port: 'dns' })], false, { protocol: 'TCP' }],
    ['the name of another port', [ports({ protocol: 'UDP', port: 'metrics' })], false],
    ['the name of another port of this protocol', [ports({ protocol: 'UDP', port: 'doq' })], false],
    ['a name that the server does not have', [ports({ protocol: 'UDP', port: 'domain' })], false],
    [
      'a named port of the client is not meant',
      [ports({ protocol: 'UDP', port: 'own' })],
      false,
      { client: pod({ ports: [{ name: 'own', port: 53, protocol: 'UDP' }] }) },
    ],
    ['a named port means nothing for an address', [ports({ protocol: 'UDP', port: 'dns' })], false, { server: { ip: '10.0.0.2' } }],
    ['podSelector alone means the own namespace', [to({ podSelector: label('k8s-app', 'kube-dns') })], false],
    [
      'podSelector alone finds a pod of the own namespace',
      [to({ podSelector: label('k8s-app', 'kube-dns') })],
      true,
      { server: { ...coredns, namespace: 'shop' } },
    ],
    ['an empty podSelector is all pods of the own namespace only', [to({ podSelector: {} })], false],
    ['namespaceSelector alone is all pods there', [to(TO_KUBE_SYSTEM)], true],
    ['an empty namespaceSelector is all pods everywhere', [to({ namespaceSelector: {} })], true],
    ['an empty namespaceSelector is no address', [to({ namespaceSelector: {} })], false, { server: { ip: '10.0.0.2' } }],
    ['both selectors must hold', [to({ ...TO_KUBE_SYSTEM, podSelector: label('k8s-app', 'other') })], false],
    ['both selectors hold', [to(toDns)], true],
    ['two peers are alternatives', [to({ podSelector: label('k8s-app', 'kube-dns') }, TO_KUBE_SYSTEM)], true],
    ['a namespace label that is not there', [to({ namespaceSelector: label('name', 'kube-system') })], false],
    ['a peer that says nothing is nobody', [to({})], false],
    [
      'peers and ports of one rule belong together',
      [policy({ egress: [{ to: [toDns], ports: [{ port: 443 }] }, { to: [{ podSelector: {} }] }] })],
      false,
    ],
    ['an ipBlock matches by the pod address', [block('10.0.0.0/16')], true],
    ['an ipBlock of another network', [block('10.1.0.0/16')], false],
    ['except takes the pod address out', [block('0.0.0.0/0', '10.0.0.0/8')], false],
    ['except of something else', [block('0.0.0.0/0', '10.1.0.0/16')], true],
    [
      'another block may hold what one excepts',
      [to({ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }, { ipBlock: { cidr: '10.0.2.0/24' } })],
      true,
    ],
    ['a block that cannot be read matches nothing', [block('10.0.0.0')], false],
    ['an IPv4 block does not hold an IPv6 pod', [block('0.0.0.0/0')], false, { server: coredns6 }],
    ['an IPv6 block holds an IPv6 pod', [block('fd00:2::/64')], true, { server: coredns6 }],
    ['an IPv6 block with an exception', [block('::/0', 'fd00::/8')], false, { server: coredns6 }],
    [
      'a dual-stack pod is found by either address',
      [block('fd00:2::/64')],
      true,
      { server: { ...coredns, ips: ['10.0.2.53', 'fd00:2::53'] } },
    ],
    ['an address outside is found by ipBlock', [block('169.254.20.10/32')], true, { server: { ip: '169.254.20.10' } }],
    ['a server on the host network is not found by labels', [to(toDns)], false, { server: corednsOnHost }],
    ['a server on the host network is found by its node address', [block('10.0.9.0/24')], true, { server: corednsOnHost }],
    ['a client on the host network is not isolated', [policy({ policyTypes: ['Egress'] })], true, { client: pod({ hostNetwork: true }) }],
    [
      'expressions select like labels',
      [policy({ policyTypes: ['Egress'], podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } })],
      true,
    ],
  ])('%s', (_, policies, allowed, { client = web, server = coredns, port = 53, protocol = 'UDP' } = {}) => {
    expect(egressVerdict(policies, client, server, port, protocol).allowed).toBe(allowed);
  });
});
