import { describe, expect, test } from '@jest/globals';
import { checkDirectives, corefileFault } from '../../../src/formats/corefile/directives.ts';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';
import { block, eks, k3s, kubeadm, nodeLocal } from './samples.ts';

const fault = (text: string, version: string | null, official = true): [string, number, string] | null => {
  const found = checkDirectives(parseCorefile(text).servers, version, official);
  return found && [found.kind, found.line, found.message];
};
const inBlock = (version: string | null, ...lines: string[]): string | null => fault(block(...lines), version)?.[2] ?? null;

describe('a Corefile that CoreDNS starts with', () => {
  const versions = ['1.8.7', '1.9.3', 'v1.10.1-eksbuild.18', '1.11.4', '1.12.4', '1.13.2', '1.14.5', '1.15.0', '2.0.0', null];
  test.each([
    ['EKS', eks],
    ['kubeadm', kubeadm],
    ['k3s', k3s],
    ['NodeLocal DNSCache', nodeLocal],
  ])('has no fault: %s', (_name, text) =>
    expect(versions.map((version) => corefileFault(parseCorefile(text), version, true))).toEqual(versions.map(() => null)),
  );

  // Each of these was started with CoreDNS 1.12.4.
  test.each([
    ['log a b "{remote}"', 'log', 'log . {', 'class denial error', '}'],
    ['errors {', 'consolidate 5m ".*" warning', 'stacktrace', '}'],
    ['ready {', 'foo', '}', 'reload 10s 5s {', 'a', '}', 'reload'],
    [
      'cache 30 a b {',
      'success 1000 3600 10',
      'prefetch 1 1m 20%',
      'serve_stale 1h verify',
      'servfail 5s',
      'disable success a.org',
      'keepttl',
      '}',
    ],
    ['forward . 1.1.1.1 8.8.8.8:53 tls://9.9.9.9 [::1]:53 ::1 fe80::1%eth0', 'forward a.org 8.8.8.8'],
    ['forward . 1.1.1.1 {', 'max_concurrent 1000', 'policy sequential', 'health_check 5s no_rec domain a.org', 'next NXDOMAIN', '}'],
    ['hosts /x a.org {', '1.2.3.4 b.org', 'ttl 60', 'reload 1m30s', 'fallthrough', '}', 'loadbalance round_robin'],
    ['health [::1]:80 {', 'lameduck 5s', '}', 'health', 'template IN A a.org {', 'rcode NXDOMAIN', '}', 'bufsize 1232', 'whoami'],
  ])('has no fault: %s', (...lines) => expect(inBlock('1.12.4', ...lines)).toBeNull());
});

describe('an unknown directive', () => {
  test('is a fault of an official image', () => {
    expect(fault(block('errors', 'lg'), '1.12.4')).toEqual(['directive', 3, "Unknown directive 'lg'"]);
    expect(fault(block('health{', 'lameduck 5s', '}'), '1.12.4')).toEqual(['directive', 2, "Unknown directive 'health{'"]);
    expect(fault(block('lg'), null)).toEqual(['directive', 2, "Unknown directive 'lg'"]);
  });

  test('is none of a custom image, nor of a CoreDNS that is newer than the tables', () => {
    expect(fault(block('k8s_gateway a.org'), '1.12.4', false)).toBeNull();
    expect(fault(block('k8s_gateway a.org'), '1.16.0')).toBeNull();
  });

  test('may have been known in another version', () => {
    expect(['1.4.0', '1.5.0', '1.12.4', null].map((version) => inBlock(version, 'proxy . 1.1.1.1'))).toEqual([
      null,
      ...Array<string>(3).fill("Unknown directive 'proxy'"),
    ]);
    expect(['1.4.0', '1.5.0'].map((version) => inBlock(version, 'ready'))).toEqual(["Unknown directive 'ready'", null]);
  });

  test('is none where the environment gives its name', () => expect(inBlock('1.12.4', '{$PLUGIN} a')).toBeNull());

  test('comes up before a syntax error further down', () => {
    const parsed = parseCorefile('.:53 {\n  lg\n  cache }\n');
    expect(corefileFault(parsed, '1.12.4', true)).toMatchObject({ line: 2, kind: 'directive' });
    expect(corefileFault(parsed, '1.12.4', false)).toMatchObject({ line: 3, kind: 'syntax' });
  });
});

describe('an option that CoreDNS does not take', () => {
  test.each([
    ['upstream', '1.6.6', null],
    ['upstream', '1.7.0', "plugin/kubernetes: unknown property 'upstream'"],
    ['upstream', null, "plugin/kubernetes: unknown property 'upstream'"],
    ['resyncperiod 5m', '1.12.4', "plugin/kubernetes: unknown property 'resyncperiod'"],
    ['transfer to *', '1.7.0', null],
    ['transfer to *', '1.8.0', "plugin/kubernetes: unknown property 'transfer'"],
    ['podz insecure', '1.12.4', "plugin/kubernetes: unknown property 'podz'"],
    ['pods foo', '1.12.4', 'plugin/kubernetes: wrong value for pods: foo,  must be one of: disabled, verified, insecure'],
    ['ttl 4000', '1.12.4', 'plugin/kubernetes: ttl must be in range [0, 3600]: 4000'],
    ['ttl x', '1.12.4', 'plugin/kubernetes: strconv.Atoi: parsing "x": invalid syntax'],
    ['ttl {$TTL}', '1.12.4', null],
    ['apiserver_qps 1', '1.12.4', "plugin/kubernetes: unknown property 'apiserver_qps'"],
    ['apiserver_qps 1', '1.14.0', null],
  ])('kubernetes: %s with %s', (option, version, expected) =>
    expect(inBlock(version, 'kubernetes cluster.local {', option, '}')).toBe(expected),
  );

  test.each([
    ['max_concurrent 1000', '1.6.6', "plugin/forward: unknown property 'max_concurrent'"],
    ['max_concurrent 1000', '1.7.0', null],
    ['next NXDOMAIN', '1.11.3', "plugin/forward: unknown property 'next'"],
    ['next NXDOMAIN', '1.11.4', null],
    ['failover SERVFAIL', '1.12.4', "plugin/forward: unknown property 'failover'"],
    ['policy x', '1.12.4', "plugin/forward: unknown policy 'x'"],
    ['max_fails -1', '1.12.4', 'plugin/forward: strconv.ParseUint: parsing "-1": invalid syntax'],
    ['health_check 5', '1.12.4', 'plugin/forward: time: missing unit in duration "5"'],
    ['force_tcp 1', '1.12.4', "plugin/forward: Wrong argument count or unexpected line ending after '1'"],
  ])('forward: %s with %s', (option, version, expected) => expect(inBlock(version, 'forward . 1.1.1.1 {', option, '}')).toBe(expected));

  // Messages recorded from CoreDNS 1.12.4.
  test.each([
    [['forward . dns.google:53'], 'plugin/forward: not an IP address or file: "dns.google:53"'],
    [['forward . {', '}'], "plugin/forward: Wrong argument count or unexpected line ending after '.'"],
    [['forward . 1.1.1.1', '{', 'max_fails 1', '}'], "plugin/forward: Unexpected token '{', expecting argument"],
    [['health {', 'lameduck 5', '}'], 'plugin/health: unable to parse lameduck duration value: \'5\' : time: missing unit in duration "5"'],
    [['health { lameduck 5s }'], "plugin/health: Wrong argument count or unexpected line ending after '}'"],
    [['health 8080'], 'plugin/health: address 8080: missing port in address'],
    [['errors {', 'x', '}'], "plugin/errors: Syntax error: Unexpected token 'x', expecting 'Unknown field x'"],
    [['log {', 'class foo', '}'], 'plugin/log: invalid Class: foo'],
    [['cache 0'], 'plugin/cache: cache TTL can not be zero or negative: 0'],
    [['cache {', 'servfail 6m', '}'], 'plugin/cache: caching SERVFAIL responses over 5 minutes is not permitted'],
    [['cache', 'cache'], 'plugin/cache: this plugin can only be used once per Server Block'],
    [['ready', '{', 'monitor continuously', '}'], 'plugin/ready: this plugin can only be used once per Server Block'],
    [['prometheus {', 'tls a', '}'], 'plugin/prometheus: this plugin can only be used once per Server Block'],
    [['reload 30'], 'plugin/reload: time: missing unit in duration "30"'],
    [['reload 5x'], 'plugin/reload: time: unknown unit "x" in duration "5x"'],
    [['reload 1s'], 'plugin/reload: interval value must be greater or equal to 2s'],
    [['loop x'], "plugin/loop: Wrong argument count or unexpected line ending after 'x'"],
    [['hosts {', 'fallthrough', '1.2.3.4 a.org', '}'], "plugin/hosts: unknown property '1.2.3.4'"],
    [['loadbalance foo'], 'plugin/loadbalance: unknown policy: foo'],
  ])('%j', (lines, expected) => expect(inBlock('1.12.4', ...lines)).toBe(expected));

  test('is the first in the order in which plugins are set up, not in that of the lines', () =>
    expect(fault(block('cache 0', 'errors foo'), '1.12.4')).toEqual(['option', 3, 'plugin/errors: invalid log file: foo']));

  test('comes up before a zone that is served twice', () =>
    expect(corefileFault(parseCorefile(`${block('cache 0')}${block('log')}`), '1.12.4', true)?.message).toMatch(/^plugin\/cache/));

  test('is left to CoreDNS where neither version nor build are known', () => {
    expect(fault(block('cache {', 'brand_new', '}'), null, false)).toBeNull();
    expect(fault(block('cache {', 'brand_new', '}'), 'v1.99.0')).toBeNull();
  });

  test('may be known to a newer CoreDNS: names as upstreams', () => expect(inBlock('1.14.5', 'forward . dns.google')).toBeNull());
});
