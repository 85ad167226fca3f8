import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { networkPolicies } from '../../src/collect/network-policies.ts';
import { schemas } from '../../src/domain/evidence.ts';
import type { NamedPod } from '../../src/domain/pod.ts';
import { context, fakePort, type Answers } from './fake-port.ts';
import { ok } from './fixture.ts';
import { corednsPod, workload } from './readings.ts';

const policiesIn = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
const policy = (name: string, spec: unknown, namespace = 'kube-system') => ({ metadata: { name, namespace }, spec });
const namespace = (name: string) => ({ metadata: { name, labels: { 'kubernetes.io/metadata.name': name, team: name } } });
const pod = (name: string, inNamespace: string, spec: object = {}) => ({
  metadata: { name, namespace: inNamespace, labels: { app: name } },
  spec,
  status: { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }] },
});
const cart = { namespace: 'shop', name: 'cart-1', labels: { app: 'cart' }, ips: ['10.244.1.3'], hostNetwork: false } as unknown as NamedPod;
const have = {
  'coredns-workload': ok('coredns-workload', workload()),
  'coredns-pods': ok('coredns-pods', { complete: true, items: [corednsPod('c1', 'a')] }),
};

const collect = async (answers: Answers, more: object = {}) => {
  const port = fakePort({
    '/api/v1/namespaces': [namespace('kube-system'), namespace('shop'), namespace('blog')],
    '/apis': { groups: [] },
    ...answers,
  });
  const data = schemas['network-policies'].parse(await networkPolicies.collect(context(port, { have: { ...have, ...more } })));
  return { ...data, requests: port.requests };
};

describe('network-policies', () => {
  test('without policies only CoreDNS is described, and no other pods are read', async () => {
    const { policies, coredns, client, sample, foreign, requests } = await collect({});
    expect({ policies, client, sample, foreign }).toEqual({ policies: [], client: null, sample: [], foreign: [] });
    expect(coredns).toEqual([
      {
        namespace: 'kube-system',
        name: 'c1',
        labels: { 'k8s-app': 'kube-dns' },
        namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system', team: 'kube-system' },
        ips: ['10.244.1.2'],
        hostNetwork: false,
        ports: [{ name: 'dns', port: 53, protocol: 'UDP' }],
      },
    ]);
    expect(requests).toHaveLength(3);
  });

  test("the named pod's namespace is read too", async () => {
    const answers = { [policiesIn('shop')]: [policy('deny', { policyTypes: ['Egress'] }, 'shop')] };
    const { policies, client } = await collect(answers, { pod: ok('pod', cart) });
    expect(policies).toEqual([{ namespace: 'shop', name: 'deny', podSelector: {}, policyTypes: ['Egress'], ingress: [], egress: [] }]);
    expect(client).toMatchObject({ name: 'cart-1', namespaceLabels: { team: 'shop' } });
  });

  test('a policy that selects CoreDNS has other pods read, in turn from each namespace', async () => {
    const pods = [
      ...Array.from({ length: 30 }, (_, i) => pod(`blog-${i}`, 'blog')),
      pod('cart', 'shop'),
      pod('host', 'shop', { hostNetwork: true }),
      pod('probe', 'dns-medic'),
      pod('proxy', 'kube-system'),
    ];
    const { sample } = await collect({ [policiesIn('kube-system')]: [policy('p', { podSelector: {} })], '/api/v1/pods': pods });
    expect(sample).toHaveLength(20);
    expect(sample.slice(0, 3).map(({ name }) => name)).toEqual(['blog-0', 'cart', 'blog-1']);
    expect(sample[1]).toMatchObject({ namespaceLabels: { team: 'shop' }, ips: ['10.0.0.1'] });
    expect(sample.map(({ namespace: of }) => of)).not.toContain('kube-system');
  });

  test('a policy for other pods has none read', async () => {
    const { requests } = await collect({ [policiesIn('kube-system')]: [policy('p', { podSelector: { matchLabels: { app: 'x' } } })] });
    expect(requests.some((one) => one.includes('/api/v1/pods'))).toBe(false);
  });

  test('pods that may not be listed: the named pod must do; without one nothing can be judged', async () => {
    const answers = { [policiesIn('kube-system')]: [policy('p', {})], '/api/v1/pods': new Failure('forbidden', 'no') };
    expect((await collect(answers, { pod: ok('pod', cart) })).sample).toEqual([]);
    await expect(collect(answers)).rejects.toMatchObject({ reason: 'forbidden' });
  });

  test('policies that may not be listed reject', async () => {
    await expect(collect({ [policiesIn('kube-system')]: new Failure('forbidden', 'no') })).rejects.toMatchObject({ reason: 'forbidden' });
  });

  test('policies that ask for labels of namespaces that may not be read reject: whom they admit is not known', async () => {
    const namespaceSelector = { matchLabels: { team: 'shop' } };
    const spec = { policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector }] }] };
    const answers = { [policiesIn('kube-system')]: [policy('p', spec)], '/api/v1/pods': [pod('cart', 'shop')] };
    expect((await collect(answers)).sample).toHaveLength(1);
    const blind = { ...answers, '/api/v1/namespaces': new Failure('forbidden', 'no') };
    await expect(collect(blind, { pod: ok('pod', cart) })).rejects.toMatchObject({ reason: 'forbidden' });
    await expect(collect(blind)).rejects.toMatchObject({ reason: 'forbidden' });
  });

  test('namespaces that may not be read have the label that Kubernetes gives', async () => {
    const { coredns } = await collect({ '/api/v1/namespaces': new Failure('forbidden', 'no') });
    expect(coredns[0]?.namespaceLabels).toEqual({ 'kubernetes.io/metadata.name': 'kube-system' });
  });

  test('policies of other engines are counted where their API is there', async () => {
    const groups = ['crd.projectcalico.org', 'cilium.io'].map((name) => ({ name, preferredVersion: { version: 'v1' } }));
    const { foreign, requests } = await collect({
      '/apis': { groups },
      '/apis/crd.projectcalico.org/v1/globalnetworkpolicies': [{}, {}, {}],
      '/apis/cilium.io/v1/ciliumnetworkpolicies': new Failure('forbidden', 'no'),
    });
    expect(foreign).toEqual([{ kind: 'Calico GlobalNetworkPolicy', count: 3 }]);
    expect(requests.some((one) => one.includes('adminnetworkpolicies'))).toBe(false);
  });

  test('an absent list of peers stays absent, since it means all; types are filled in as Kubernetes does', async () => {
    const spec = {
      ingress: [{ ports: [{ port: 'dns', protocol: 'UDP' }] }, { from: [{ podSelector: {} }, { ipBlock: { cidr: '10.0.0.0/8' } }] }],
      egress: [{}],
    };
    const { policies } = await collect({ [policiesIn('kube-system')]: [policy('p', spec)] });
    expect(policies[0]).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { ports: [{ port: 'dns', protocol: 'UDP' }] },
        { from: [{ podSelector: {} }, { ipBlock: { cidr: '10.0.0.0/8', except: [] } }] },
      ],
      egress: [{}],
    });
    expect(Object.keys(policies[0]?.ingress[0] ?? {})).toEqual(['ports']);
  });

  test('hostile shapes are taken apart without a throw', async () => {
    const hostile: any[] = [
      null,
      5,
      policy('p', { podSelector: 'x', policyTypes: ['Sideways', 3], ingress: [null, { from: [null], ports: [null] }], egress: 'x' }),
    ];
    const { policies } = await collect({
      [policiesIn('kube-system')]: hostile,
      '/apis': { groups: [null, { name: 'cilium.io', preferredVersion: { version: '../x' } }] },
    });
    expect(policies).toEqual([
      {
        namespace: 'kube-system',
        name: 'p',
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [{}, { from: [{}], ports: [{ protocol: 'TCP' }] }],
        egress: [],
      },
    ]);
  });
});
