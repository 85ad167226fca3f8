import { describe, expect, test } from '@jest/globals';
import { podResolvConf } from '../../src/rules/pod-resolv-conf.ts';
import type { NodeDns, PodDns } from '../../src/rules/pod-resolv-conf.ts';

const pod = (over: Partial<PodDns> = {}): PodDns => ({
  namespace: 'shop',
  dnsPolicy: 'ClusterFirst',
  hostNetwork: false,
  dnsConfig: null,
  ...over,
});
const node = (over: Partial<NodeDns> = {}): NodeDns => ({
  clusterDNS: ['10.100.0.10'],
  clusterDomain: 'cluster.local',
  nodeResolvConf: { nameservers: ['10.0.0.2'], search: ['ec2.internal'], ndots: 1, options: ['timeout:2', 'attempts:5'], unknown: [] },
  ...over,
});
const config = (over: Partial<NonNullable<PodDns['dnsConfig']>>) => ({ nameservers: [], searches: [], options: [], ...over });
const CLUSTER_SEARCH = ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'ec2.internal'];

describe('podResolvConf', () => {
  test('ClusterFirst asks cluster DNS, searches the cluster and then the node, with ndots 5', () => {
    const expected = { nameservers: ['10.100.0.10'], search: CLUSTER_SEARCH, ndots: 5, options: ['ndots:5'], unknown: [] };
    expect(podResolvConf(pod(), node())).toEqual(expected);
  });

  test('ClusterFirst on the host network silently becomes Default', () => {
    const result = podResolvConf(pod({ hostNetwork: true }), node());
    expect(result).toMatchObject({ nameservers: ['10.0.0.2'], search: ['ec2.internal'], ndots: 1, options: ['timeout:2', 'attempts:5'] });
  });

  test('ClusterFirstWithHostNet asks cluster DNS', () => {
    const result = podResolvConf(pod({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }), node());
    expect(result).toMatchObject({ nameservers: ['10.100.0.10'], search: CLUSTER_SEARCH });
  });

  test('Default takes the node settings as they are', () => {
    expect(podResolvConf(pod({ dnsPolicy: 'Default' }), node())).toMatchObject({ nameservers: ['10.0.0.2'], search: ['ec2.internal'] });
  });

  test('None starts empty: ndots is 1 and nothing is searched', () => {
    const result = podResolvConf(pod({ dnsPolicy: 'None', dnsConfig: config({ nameservers: ['10.0.0.99'] }) }), node());
    expect(result).toEqual({ nameservers: ['10.0.0.99'], search: [], ndots: 1, options: [], unknown: [] });
  });

  test('an unknown policy counts as ClusterFirst', () => {
    expect(podResolvConf(pod({ dnsPolicy: 'Whatever' }), node())?.nameservers).toEqual(['10.100.0.10']);
  });

  test('without clusterDNS ClusterFirst falls back to Default, and so does ClusterFirstWithHostNet', () => {
    expect(podResolvConf(pod(), node({ clusterDNS: [] }))).toMatchObject({ nameservers: ['10.0.0.2'], ndots: 1 });
    const withHostNet = podResolvConf(pod({ dnsPolicy: 'ClusterFirstWithHostNet' }), node({ clusterDNS: [] }));
    expect(withHostNet?.nameservers).toEqual(['10.0.0.2']);
  });

  test('without the node file Default is unknown, and ClusterFirst lacks only the node searches', () => {
    expect(podResolvConf(pod({ dnsPolicy: 'Default' }), node({ nodeResolvConf: null }))).toBeNull();
    expect(podResolvConf(pod({ hostNetwork: true }), node({ nodeResolvConf: null }))).toBeNull();
    expect(podResolvConf(pod({ dnsPolicy: 'None' }), node({ nodeResolvConf: null }))).not.toBeNull();
    expect(podResolvConf(pod(), node({ nodeResolvConf: null }))?.search).toEqual(CLUSTER_SEARCH.slice(0, 3));
  });

  test('options of the pod replace those of the same name', () => {
    const options = [
      { name: 'ndots', value: '2' },
      { name: 'single-request-reopen', value: null },
    ];
    expect(podResolvConf(pod({ dnsConfig: config({ options }) }), node())).toMatchObject({
      ndots: 2,
      options: ['ndots:2', 'single-request-reopen'],
    });
  });

  test('options of the node are kept under Default and lost under ClusterFirst', () => {
    const dnsConfig = config({ options: [{ name: 'timeout', value: '1' }] });
    expect(podResolvConf(pod({ dnsPolicy: 'Default', dnsConfig }), node())?.options).toEqual(['timeout:1', 'attempts:5']);
    expect(podResolvConf(pod({ dnsConfig }), node())?.options).toEqual(['ndots:5', 'timeout:1']);
  });

  test('nameservers and searches of the pod come last, without doubles', () => {
    const dnsConfig = config({ nameservers: ['10.100.0.10', '1.1.1.1'], searches: ['corp.example', 'cluster.local'] });
    const result = podResolvConf(pod({ dnsConfig }), node());
    expect(result?.nameservers).toEqual(['10.100.0.10', '1.1.1.1']);
    expect(result?.search).toEqual([...CLUSTER_SEARCH, 'corp.example']);
  });

  test('a node search domain with a trailing dot is the same domain', () => {
    const nodeResolvConf = { nameservers: [], search: ['cluster.local.', 'corp.example.', '.'], ndots: 1, options: [], unknown: [] };
    expect(podResolvConf(pod(), node({ nodeResolvConf }))?.search).toEqual([...CLUSTER_SEARCH.slice(0, 3), 'corp.example', '.']);
  });

  test('without a cluster domain only the node domains are searched', () => {
    expect(podResolvConf(pod(), node({ clusterDomain: null }))?.search).toEqual(['ec2.internal']);
    expect(podResolvConf(pod(), node({ clusterDomain: '' }))?.search).toEqual(['ec2.internal']);
  });

  test('at most three nameservers are written', () => {
    const dnsConfig = config({ nameservers: ['1.1.1.1', '2.2.2.2', '3.3.3.3'] });
    expect(podResolvConf(pod({ dnsConfig }), node())?.nameservers).toEqual(['10.100.0.10', '1.1.1.1', '2.2.2.2']);
  });

  test('at most 32 searches are written', () => {
    const searches = Array.from({ length: 40 }, (_, index) => `d${index}.example`);
    const search = podResolvConf(pod({ dnsConfig: config({ searches }) }), node())?.search;
    expect(search).toHaveLength(32);
    expect(search?.at(-1)).toBe('d27.example');
  });

  test('an overlong domain is left out and a line of 2048 characters is the longest', () => {
    const long = (letter: string, length: number) => letter.repeat(length);
    const searches = [long('x', 254), ...Array.from({ length: 10 }, (_, index) => long(String(index), 250))];
    const search = podResolvConf(pod({ dnsPolicy: 'None', dnsConfig: config({ searches }) }), node())?.search ?? [];
    expect(search).toHaveLength(8);
    expect(search.join(' ').length).toBeLessThanOrEqual(2048);
    expect(search[0]).toBe(long('0', 250));
  });

  test('leaves what it was given alone', () => {
    const given = node();
    const before = structuredClone(given);
    podResolvConf(pod({ dnsPolicy: 'Default', dnsConfig: config({ nameservers: ['9.9.9.9'] }) }), given);
    expect(given).toEqual(before);
  });
});
