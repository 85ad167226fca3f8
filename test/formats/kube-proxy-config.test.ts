import { describe, expect, test } from '@jest/globals';
import { kubeconfigServer, parseKubeProxyConfig } from '../../src/formats/kube-proxy-config.ts';

const config = (rest: string) => parseKubeProxyConfig(`kind: KubeProxyConfiguration\n${rest}`);

describe('a KubeProxyConfiguration', () => {
  test.each(['iptables', 'ipvs', 'nftables', 'kernelspace'])('mode %s is known', (mode) => {
    expect(config(`mode: ${mode}`)).toEqual({ mode, clusterCIDR: null, problem: null });
  });

  test('without a mode it is left to kube-proxy', () => {
    expect(config('mode: ""\nclusterCIDR: 10.0.0.0/8')).toEqual({ mode: '', clusterCIDR: '10.0.0.0/8', problem: null });
    expect(config('').mode).toBe('');
  });

  test('kube-proxy does not start with a mode that it does not know', () => {
    expect(config('mode: bananas').problem).toBe('unknown mode "bananas"');
    expect(config('mode: IPVS').problem).toBe('unknown mode "IPVS"');
    expect(config('mode: userspace').problem).toMatch(/removed in Kubernetes 1.26/);
  });

  test.each([
    ['a: b: c', /^YAML does not parse/],
    ['', /not a YAML mapping/],
    ['- a', /not a YAML mapping/],
    ['kind: Pod', /kind is Pod/],
    ['mode: iptables', /kind is missing/],
    ['kind: KubeProxyConfiguration\nmode: [iptables]', /mode is not a string/],
    [
      `a: &a [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: [*a, *a, *a, *a, *a, *a, *a, *a]`).join('\n')}`,
      /YAML does not parse/,
    ],
    ['x'.repeat(70_000), /longer than/],
  ])('a text that is none of that says what is wrong (%#)', (text, problem) => {
    expect(parseKubeProxyConfig(text).problem).toMatch(problem);
  });
});

describe('a kubeconfig', () => {
  const clusters = 'clusters: [{name: a, cluster: {server: "https://a"}}, {name: b, cluster: {server: "https://b"}}]';
  test('its server is that of the current context', () => {
    expect(kubeconfigServer(`${clusters}\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: b}}]`)).toBe('https://b');
  });
  test('without contexts it is that of the first cluster', () => {
    expect(kubeconfigServer(clusters)).toBe('https://a');
  });
  test.each(['', 'clusters: 5', 'clusters: [null]', ': :', 'clusters: [{cluster: {server: [1]}}]'])('%j has no server', (text) => {
    expect(kubeconfigServer(text)).toBeNull();
  });
});
