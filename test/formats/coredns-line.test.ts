import { describe, expect, test } from '@jest/globals';
import { classifyCorednsLine } from '../../src/formats/coredns-log.ts';

const rows: [string, string, Record<string, string>][] = [
  // the errors plugin
  [
    '[ERROR] plugin/errors: 2 amazon.com. A: read udp 10.0.1.5:43127->10.0.0.2:53: i/o timeout',
    'upstream-timeout',
    { name: 'amazon.com.', qtype: 'A', rcode: 'SERVFAIL', upstream: '10.0.0.2:53', protocol: 'udp' },
  ],
  [
    '2019-12-05T09:05:43.218Z [ERROR] plugin/errors: 2 amazon.com. A: dial tcp 10.0.0.2:53: i/o timeout',
    'upstream-timeout',
    { upstream: '10.0.0.2:53', protocol: 'tcp' },
  ],
  [
    '2018/08/15 14:37:17 [ERROR] 2 amazon.com. A: unreachable backend: read udp 10.0.1.5:4->10.0.0.2:53: i/o timeout',
    'upstream-timeout',
    { upstream: '10.0.0.2:53' },
  ],
  [
    '[ERROR] plugin/errors: 2 x.dead.example. A: read udp 127.0.0.1:58498->127.0.0.1:1: read: connection refused',
    'upstream-refused',
    { upstream: '127.0.0.1:1' },
  ],
  [
    '[ERROR] plugin/errors: 2 a. AAAA: dial udp [2001:db8::1]:53: connect: network is unreachable',
    'upstream-unreachable',
    { upstream: '[2001:db8::1]:53' },
  ],
  ['[ERROR] plugin/errors: 2 a. A: dial tcp 10.0.0.2:53: connect: no route to host', 'upstream-unreachable', {}],
  [
    '[ERROR] plugin/errors: 2 a. A: write udp 10.0.1.5:4->10.0.0.2:53: write: operation not permitted',
    'write-denied',
    { upstream: '10.0.0.2:53' },
  ],
  [
    '[ERROR] plugin/errors: 5 n2.dead.example. A: concurrent queries exceeded maximum 1000',
    'max-concurrent',
    { limit: '1000', rcode: 'REFUSED' },
  ],
  ['[ERROR] plugin/errors: 2 b.example. A: plugin/hosts: no next plugin found', 'no-next-plugin', { plugin: 'hosts', name: 'b.example.' }],
  ['[ERROR] plugin/errors: 2 b.example. A: no healthy proxies', 'no-healthy-proxies', {}],
  ['[ERROR] plugin/errors: 2 b.example. A: overflow unpacking uint32', 'upstream-other', { reason: 'overflow unpacking uint32' }],
  [
    '[ERROR] plugin/errors: 2 6212519946580414667.2310686457050954743. HINFO: read udp 10.0.1.5:4->10.0.0.2:53: i/o timeout',
    'loop-probe-failed',
    { upstream: '10.0.0.2:53' },
  ],
  [
    "[ERROR] plugin/errors: 12 errors like '^read udp .* i/o timeout$' occurred in last 30s",
    'upstream-timeout',
    { count: '12', period: '30s', consolidated: 'true' },
  ],
  ["[ERROR] plugin/errors: 2 errors like '.* connection refused$' occured in last 2s", 'upstream-refused', { count: '2' }],
  ["[INFO] plugin/errors: 4 errors like '.* no next plugin found$' occurred in last 2s", 'no-next-plugin', { count: '4' }],
  // starts and reloads
  [
    "/etc/coredns/Corefile:3 - Error during parsing: Unknown directive 'lg'",
    'corefile-error',
    { line: '3', directive: 'lg', file: '/etc/coredns/Corefile' },
  ],
  [
    "plugin/kubernetes: /etc/coredns/Corefile:7 - Error during parsing: unknown property 'upstream'",
    'corefile-error',
    { line: '7', plugin: 'kubernetes', option: 'upstream' },
  ],
  ["Corefile:9 - Syntax error: Unexpected token 'loadbalance', expecting '}'", 'corefile-error', { line: '9', token: 'loadbalance' }],
  [
    'plugin/forward: not an IP address or file: "256.1.1.1"',
    'corefile-error',
    { plugin: 'forward', message: 'not an IP address or file: "256.1.1.1"' },
  ],
  ['plugin/log: invalid Class: foo', 'corefile-error', { plugin: 'log' }],
  ['cannot serve dns://.:53 - it is already defined', 'corefile-error', { message: 'cannot serve dns://.:53 - it is already defined' }],
  ['address 99999: invalid port', 'corefile-error', {}],
  ['loading Caddyfile via flag: open /etc/coredns/Corefile: no such file or directory', 'corefile-error', {}],
  ['Listen: listen tcp :53: bind: address already in use', 'listen-failed', { address: ':53', reason: 'address already in use' }],
  ['Listen: listen tcp 198.51.100.77:5398: bind: cannot assign requested address', 'listen-failed', { address: '198.51.100.77:5398' }],
  [
    '[ERROR] plugin/prometheus: Failed to start metrics handler: listen tcp: address 99999: invalid port',
    'listen-failed',
    { plugin: 'prometheus' },
  ],
  ['[INFO] Reloading', 'reloading', { state: 'started' }],
  ['[INFO] Reloading complete', 'reloading', { state: 'complete' }],
  [
    "[ERROR] Restart failed: C:2 - Error during parsing: Unknown directive 'lg'",
    'reload-failed',
    { via: 'restart', directive: 'lg', line: '2', cause: 'corefile-error' },
  ],
  [
    "[ERROR] plugin/reload: Corefile changed but reload failed: starting with listener file descriptors: C:2 - Error during parsing: Unknown directive 'lg'",
    'reload-failed',
    { via: 'reload', directive: 'lg', cause: 'corefile-error' },
  ],
  [
    '[ERROR] Restart failed: Listen: listen tcp 198.51.100.77:5396: bind: cannot assign requested address',
    'reload-failed',
    { cause: 'listen-failed' },
  ],
  [
    '[ERROR] Restart failed: getting old listener file: file tcp [::]:5397: use of closed network connection',
    'reload-failed',
    { cause: 'other' },
  ],
  [
    '[WARNING] plugin/reload: Corefile parse failed: C:19 - Error during parsing: Unexpected EOF',
    'reload-parse-failed',
    { line: '19', message: 'Unexpected EOF' },
  ],
  [
    `[INFO] plugin/reload: Running configuration SHA512 = ${'ab'.repeat(64)}`,
    'running-hash',
    { algorithm: 'SHA512', hash: 'ab'.repeat(64) },
  ],
  [`[INFO] plugin/reload: Running configuration MD5 = ${'ab'.repeat(16)}`, 'running-hash', { algorithm: 'MD5' }],
  ['CoreDNS-1.12.4', 'version', { version: '1.12.4' }],
  // the kubernetes plugin
  ['[ERROR] plugin/kubernetes: Failed to watch', 'api-bare', {}],
  ['[ERROR] plugin/kubernetes: Unhandled Error', 'api-bare', {}],
  ['[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server', 'api-waiting', {}],
  ['[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API', 'api-unsynced', {}],
  [
    '[ERROR] plugin/kubernetes: Failed to watch: failed to list *v1.EndpointSlice: endpointslices.discovery.k8s.io is forbidden: User "system:serviceaccount:kube-system:coredns" cannot list resource "endpointslices" in API group "discovery.k8s.io" at the cluster scope',
    'api-forbidden',
    {
      kind: 'EndpointSlice',
      user: 'system:serviceaccount:kube-system:coredns',
      verb: 'list',
      resource: 'endpointslices',
      group: 'discovery.k8s.io',
    },
  ],
  [
    '[INFO] plugin/kubernetes: pkg/mod/k8s.io/client-go@v0.31.2/tools/cache/reflector.go:243: failed to list *v1.Service: Get "https://10.100.0.1:443/api/v1/services?limit=500": dial tcp 10.100.0.1:443: i/o timeout',
    'api-timeout',
    { kind: 'Service', server: '10.100.0.1:443' },
  ],
  [
    'E0225 14:25:57.689877       1 reflector.go:138] pkg/mod/k8s.io/client-go@v0.23.1/tools/cache/reflector.go:167: Failed to watch *v1.Service: failed to list *v1.Service: Get "https://10.96.0.1:443/api/v1/services": dial tcp 10.96.0.1:443: connect: connection refused',
    'api-error',
    { failure: 'refused', kind: 'Service', server: '10.96.0.1:443' },
  ],
  [
    '[ERROR] plugin/kubernetes: Failed to watch: failed to list *v1.Namespace: Unauthorized',
    'api-error',
    { failure: 'unauthorized', reason: 'Unauthorized' },
  ],
  [
    '[WARNING] plugin/kubernetes: Kubernetes API connection failure: Get "https://10.96.0.1:443/version": dial tcp 10.96.0.1:443: i/o timeout',
    'api-timeout',
    {},
  ],
  // state
  [
    '[FATAL] plugin/loop: Loop (127.0.0.1:51036 -> :5398) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 6.2."',
    'loop',
    { from: '127.0.0.1:51036', to: ':5398', zone: '.' },
  ],
  [
    '2018-10-22T06:48:59.322Z [FATAL] plugin/loop: Forwarding loop detected in "." zone. Exiting. See https://coredns.io/plugins/loop#troubleshooting.',
    'loop',
    { zone: '.' },
  ],
  ['[INFO] plugin/ready: Still waiting on: "kubernetes"', 'not-ready-plugins', { plugins: 'kubernetes' }],
  ['[INFO] plugin/ready: Plugins not ready: "kubernetes"', 'not-ready-plugins', { plugins: 'kubernetes' }],
  ['[WARNING] plugin/health: Local health request to "http://:8080/health" took more than 1s: 1.29s', 'health-slow', { duration: '1.29s' }],
  ['[WARNING] plugin/health: Local health request to "http://:8080/health" failed: EOF', 'health-failed', { reason: 'EOF' }],
  ['[ERROR] Recovered from panic in server: "dns://:53" runtime error', 'panic', {}],
  ['panic: runtime error: invalid memory address or nil pointer dereference', 'panic', {}],
  ['[INFO] SIGTERM: Shutting down servers then terminating', 'shutdown', {}],
  ['[FATAL] something else', 'fatal', { message: 'something else' }],
  [
    '[INFO] 10.0.0.9:43480 - 32783 "A IN a.example. udp 50 false 1232" NOERROR qr,aa,rd 52 0.000164847s',
    'query',
    { client: '10.0.0.9', name: 'a.example.' },
  ],
];

describe('a line of the log of CoreDNS', () => {
  test.each(rows)('%s', (line, name, fields) => {
    expect(classifyCorednsLine(line)).toMatchObject({ class: name, fields });
    expect(classifyCorednsLine(`2026-11-23T07:03:42.064419901Z ${line}`)).toMatchObject({ class: name, fields });
  });

  test.each([
    '',
    '.:53',
    'linux/amd64, go1.26.8, ',
    'maxprocs: Leaving GOMAXPROCS=2: CPU quota undefined',
    '[WARNING] No files matching import glob pattern: custom/*.override',
    '[INFO] plugin/kubernetes: watch of *v1.Service ended with: too old resource version',
    'I0225 14:25:57.689877       1 reflector.go:138] failed to list *v1.Service: no matter',
    '[ERROR] plugin/errors: nonsense',
  ])('%j says nothing about a fault', (line) => {
    expect(classifyCorednsLine(line)).toBeNull();
  });

  test('colours and control characters do not hide a class', () => {
    expect(classifyCorednsLine('\x1b[31m[FATAL]\x1b[0m plugin/loop: Loop (a -> b) detected for zone "."')?.class).toBe('loop');
  });
});
