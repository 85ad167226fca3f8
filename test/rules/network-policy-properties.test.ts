import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { LabelSelector } from '../../src/domain/coredns.ts';
import type { NetworkPolicy, PolicyPod } from '../../src/domain/network.ts';
import { pathVerdict } from '../../src/rules/network-policy.ts';
import { policy } from './policy-fixtures.ts';

const namespace = fc.constantFrom('shop', 'kube-system');
const labels = fc.dictionary(fc.constantFrom('app', 'k8s-app', 'x'), fc.constantFrom('a', 'b'), { maxKeys: 2 });
const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  labels.map((matchLabels) => ({ matchLabels })),
  fc
    .record({
      key: fc.constantFrom('app', 'x'),
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Odd'),
      values: fc.constant<string[]>(['a']),
    })
    .map((one) => ({ matchExpressions: [one] })),
);
const ip = fc.constantFrom('10.0.1.5', '10.0.2.6', 'fd00::5');
const ipBlock = fc.record({
  cidr: fc.constantFrom('10.0.0.0/8', '10.0.1.0/24', '::/0', 'bad'),
  except: fc.constantFrom<string[][]>([], ['10.0.1.0/28']),
});
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({ ipBlock }),
);
const port = fc.record(
  {
    protocol: fc.constantFrom<string[]>('UDP', 'TCP'),
    port: fc.constantFrom<number | string>(53, 50, 'dns'),
    endPort: fc.constantFrom(53, 60),
  },
  { requiredKeys: [] },
);
const peers = fc.array(peer, { maxLength: 2 });
const ports = fc.array(port, { maxLength: 2 });
const anyPolicy: fc.Arbitrary<NetworkPolicy> = fc.record({
  namespace,
  name: fc.string({ maxLength: 3 }),
  podSelector: selector,
  policyTypes: fc.subarray<'Ingress' | 'Egress'>(['Ingress', 'Egress']),
  ingress: fc.array(fc.record({ from: peers, ports }), { maxLength: 2 }),
  egress: fc.array(fc.record({ to: peers, ports }), { maxLength: 2 }),
});
const anyPod: fc.Arbitrary<PolicyPod> = fc
  .record({
    namespace,
    name: fc.constantFrom('one', 'two', 'three'),
    labels,
    ips: fc.array(ip, { minLength: 1, maxLength: 2 }),
    hostNetwork: fc.boolean(),
    ports: fc.constantFrom<PolicyPod['ports'][]>([], [{ name: 'dns', port: 53, protocol: 'UDP' }]),
  })
  .map((pod) => ({ ...pod, namespaceLabels: { 'kubernetes.io/metadata.name': pod.namespace } }));
const policies = fc.array(anyPolicy, { maxLength: 5 });
const protocol = fc.constantFrom<string[]>('UDP', 'TCP');
const allowAll = (where: string) => policy({ namespace: where, ingress: [{}], egress: [{}] });

test('policies that allow all, in both namespaces, let everything through', () => {
  fc.assert(
    fc.property(policies, anyPod, anyPod, protocol, (list, client, server, proto) => {
      const open = [...list, allowAll(client.namespace), allowAll(server.namespace)];
      expect(pathVerdict(open, client, server, 53, proto).allowed).toBe(true);
    }),
  );
});

test('adding a policy that allows all never denies what was allowed', () => {
  fc.assert(
    fc.property(policies, anyPod, anyPod, protocol, namespace, (list, client, server, proto, where) => {
      const before = pathVerdict(list, client, server, 53, proto).allowed;
      expect(!before || pathVerdict([...list, allowAll(where)], client, server, 53, proto).allowed).toBe(true);
    }),
  );
});

test('the order of policies changes neither the answer nor who selects', () => {
  fc.assert(
    fc.property(policies, anyPod, anyPod, protocol, (list, client, server, proto) => {
      const one = pathVerdict(list, client, server, 53, proto);
      const two = pathVerdict(list.toReversed(), client, server, 53, proto);
      expect(two.blockedBy).toEqual(one.blockedBy);
      expect(two.egress.selecting.toReversed()).toEqual(one.egress.selecting);
      expect(two.egress.differsIn).toEqual(one.egress.differsIn);
    }),
  );
});

test('adding what is said to be missing opens the path', () => {
  fc.assert(
    fc.property(policies, anyPod, anyPod, protocol, (list, client, server, proto) => {
      const { egress, ingress } = pathVerdict(list, client, server, 53, proto);
      const added = [egress.missing, ingress.missing].filter((one) => one !== null);
      expect(pathVerdict([...list, ...added], client, server, 53, proto).allowed).toBe(true);
    }),
  );
});

test('what is denied has a policy that selects, and what nothing selects is allowed', () => {
  fc.assert(
    fc.property(policies, anyPod, anyPod, protocol, (list, client, server, proto) => {
      for (const side of [pathVerdict(list, client, server, 53, proto)].flatMap(({ egress, ingress }) => [egress, ingress])) {
        expect(side.allowed || side.selecting.length > 0).toBe(true);
        expect(side.allowed).toBe(side.missing === null);
      }
    }),
  );
});
