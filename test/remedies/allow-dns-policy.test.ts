import { beforeEach, describe, expect, test } from '@jest/globals';
import type { NetworkPolicy } from '../../src/domain/network.ts';
import { allowDnsPolicy } from '../../src/remedies/allow-dns-policy.ts';
import { egressVerdict, ingressVerdict } from '../../src/rules/network-policy.ts';
import { clusterClass, networkPolicies, policyClient, policyPod } from '../checks/evidence.ts';
import { act, EditWorld, notPlanned, planned } from './kit/edit-world.ts';

const at = (namespace: string): string => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/dns-medic-allow-dns`;
const policy = (over: Partial<NetworkPolicy>): NetworkPolicy => ({
  namespace: 'shop',
  name: 'closed',
  podSelector: {},
  policyTypes: ['Egress'],
  ingress: [],
  egress: [],
  ...over,
});
const labelled = policy({
  namespace: 'kube-system',
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  policyTypes: ['Ingress'],
  ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { access: 'dns' } } }] }],
});
const client = policyClient();
const closed = (...policies: NetworkPolicy[]) => ({ 'network-policies': networkPolicies({ policies, client }) });

let world: EditWorld;
beforeEach(() => {
  world = new EditWorld();
});

/** The policy that the plan makes, as checks read policies. */
function made(namespace: string): NetworkPolicy {
  const { podSelector, policyTypes, ingress = [], egress = [] } = world.at(at(namespace))?.['spec'] ?? {};
  return { namespace, name: 'dns-medic-allow-dns', podSelector, policyTypes, ingress, egress };
}

describe('the way out of a pod', () => {
  test('is opened to CoreDNS and its Service over UDP and TCP, for the pods that were closed, and is closed again', async () => {
    const plan = await planned(allowDnsPolicy, world.planContext(closed(policy({}))), { side: 'egress' });
    expect(plan).toMatchObject({
      params: { side: 'egress' },
      proves: ['netpol-egress-denies-dns', 'pod-lookups-fail'],
      objects: [{ does: 'create' }],
    });
    expect(await act(allowDnsPolicy, world, plan)).toMatchObject({ outcome: 'applied', undoable: true });
    const all = [policy({}), made('shop')];
    for (const protocol of ['UDP', 'TCP']) {
      expect(egressVerdict(all, client, policyPod(), 53, protocol)).toMatchObject({ allowed: true, dependsOnEngine: false });
      expect(egressVerdict(all, client, { ip: '10.100.0.10' }, 53, protocol).allowed).toBe(true);
      expect(egressVerdict(all, client, policyPod(), 80, protocol).allowed).toBe(false);
      expect(egressVerdict(all, client, policyPod({ labels: { app: 'other' } }), 53, protocol).allowed).toBe(false);
    }
    await act(allowDnsPolicy, world, plan, 'undo');
    expect(world.at(at('shop'))).toBeUndefined();
  });

  test('is opened for no pod that was open before: it would be closed for all else', async () => {
    const narrow = policy({ podSelector: { matchLabels: { app: 'cart' } } });
    await act(allowDnsPolicy, world, await planned(allowDnsPolicy, world.planContext(closed(narrow))));
    expect(made('shop').podSelector).toEqual({ matchLabels: { app: 'cart' } });
  });

  test('is opened to the port that CoreDNS listens on, and to caches on nodes', async () => {
    const ports = [{ name: 'dns', port: 5353, protocol: 'UDP' }];
    const facts = {
      'network-policies': networkPolicies({ policies: [policy({})], client, coredns: [policyPod({ ports })] }),
      'cluster-class': clusterClass({
        nodeLocalDns: { namespace: 'kube-system', name: 'node-local-dns', desired: 2, ready: 2, ips: ['169.254.20.10'] },
      }),
    };
    await act(allowDnsPolicy, world, await planned(allowDnsPolicy, world.planContext(facts)));
    const [rule] = made('shop').egress;
    expect(rule?.ports?.map(({ protocol, port }) => `${protocol} ${port}`)).toEqual(['UDP 53', 'TCP 53', 'UDP 5353', 'TCP 5353']);
    expect(rule?.to).toContainEqual({ ipBlock: { cidr: '169.254.20.10/32' } });
  });
});

describe('the way into CoreDNS', () => {
  test('is opened for everybody, on port 53 alone, for the pods that were closed', async () => {
    const plan = await planned(allowDnsPolicy, world.planContext(closed(labelled)), { side: 'ingress' });
    expect(plan.warnings[0]).toMatch(/Every pod of the cluster/);
    await act(allowDnsPolicy, world, plan);
    const all = [labelled, made('kube-system')];
    expect(ingressVerdict(all, client, policyPod(), 53, 'UDP').allowed).toBe(true);
    expect(ingressVerdict(all, { ip: '192.0.2.1' }, policyPod(), 53, 'TCP').allowed).toBe(true);
    expect(ingressVerdict(all, client, policyPod(), 9153, 'TCP').allowed).toBe(false);
  });

  test('is opened for CoreDNS alone where all of its namespace is closed', async () => {
    const all = policy({ namespace: 'kube-system', policyTypes: ['Ingress'], podSelector: {} });
    await act(allowDnsPolicy, world, await planned(allowDnsPolicy, world.planContext(closed(all)), { side: 'ingress' }));
    expect(made('kube-system').podSelector).toEqual({ matchLabels: { 'k8s-app': 'kube-dns' } });
  });
});

describe('there is no plan', () => {
  test('where nothing is closed, or no pod is named', async () => {
    expect(await notPlanned(allowDnsPolicy, world.planContext(closed()))).toMatchObject({ why: 'not-needed' });
    const nobody = { 'network-policies': networkPolicies({ policies: [policy({})] }) };
    expect(await notPlanned(allowDnsPolicy, world.planContext(nobody), { side: 'egress' })).toMatchObject({ why: 'unknown' });
    expect(await notPlanned(allowDnsPolicy, world.planContext({}, ['network-policies']))).toMatchObject({ why: 'unknown' });
  });

  test('where ours is there already', async () => {
    await act(allowDnsPolicy, world, await planned(allowDnsPolicy, world.planContext(closed(policy({})))));
    expect(await notPlanned(allowDnsPolicy, world.planContext(closed(policy({}))))).toMatchObject({ why: 'not-needed' });
    const narrow = policy({ podSelector: { matchLabels: { app: 'cart' } } });
    expect(await notPlanned(allowDnsPolicy, world.planContext(closed(narrow)))).toMatchObject({ why: 'unsafe' });
  });
});

test('policies of other engines are told of: they may close it all the same', async () => {
  const foreign = [{ kind: 'CiliumNetworkPolicy', count: 2 }];
  const facts = { 'network-policies': networkPolicies({ policies: [policy({})], client, foreign }) };
  expect((await planned(allowDnsPolicy, world.planContext(facts))).warnings).toEqual([expect.stringContaining('2 CiliumNetworkPolicy')]);
});

test('a policy that somebody has changed since is not deleted', async () => {
  const plan = await planned(allowDnsPolicy, world.planContext(closed(policy({}))));
  await act(allowDnsPolicy, world, plan);
  const own = world.at(at('shop')) ?? {};
  world.put(at('shop'), { ...own, spec: { ...own['spec'], egress: [] } });
  expect(await act(allowDnsPolicy, world, plan, 'undo')).toMatchObject({ outcome: 'refused' });
  expect(world.at(at('shop'))).toBeDefined();
});

test('only the rights of the namespace that is changed are asked for', () => {
  const scopes = (side: string) => [...new Set(allowDnsPolicy.uses?.({ objects: [], params: { side } }).map(({ scope }) => scope))];
  expect(scopes('egress')).toEqual(['pod']);
  expect(scopes('ingress')).toEqual(['dns']);
});
