import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classifyKubeProxyLine, stillFails, summariseKubeProxyLog } from '../../src/formats/kube-proxy-log.ts';

const head = 'E1123 07:35:12.139020   14231 reflector.go:205] ';
const refused = 'Get \\"https://172.30.0.99:6443/api/v1/services?limit=500\\": dial tcp 172.30.0.99:6443: connect: connection refused';
const forbidden =
  'services is forbidden: User \\"system:serviceaccount:kube-system:kube-proxy\\" cannot list resource \\"services\\" in API group \\"\\" at the cluster scope';
const failed = (err: string) =>
  `${head}"Failed to watch" err="failed to list *v1.Service: ${err}" logger="UnhandledError" reflector="k8s.io/client-go@v0.34.4/tools/cache/reflector.go:290" type="*v1.Service"`;
const of130 = (reason: string) =>
  `E0805 15:22:40.729023       1 reflector.go:138] vendor/k8s.io/client-go/informers/factory.go:134: Failed to watch *v1.Service: failed to list *v1.Service: ${reason}`;
const of131 = (err: string) =>
  `E0805 15:22:40.729023       1 reflector.go:158] "Unhandled Error" err="k8s.io/client-go/informers/factory.go:160: Failed to watch *v1.Service: failed to list *v1.Service: ${err}" logger="UnhandledError"`;

describe('a line of the log of kube-proxy', () => {
  test.each<[string, string, Record<string, string>]>([
    [failed(refused), 'api-refused', { kind: 'Service', server: '172.30.0.99:6443' }],
    [of131(refused), 'api-refused', { kind: 'Service', server: '172.30.0.99:6443' }],
    [of130(refused.replaceAll('\\', '')), 'api-refused', { kind: 'Service', server: '172.30.0.99:6443' }],
    [failed(forbidden), 'api-forbidden', { verb: 'list', resource: 'services', user: 'system:serviceaccount:kube-system:kube-proxy' }],
    [of131(forbidden), 'api-forbidden', { verb: 'list', resource: 'services' }],
    [of130(forbidden.replaceAll('\\', '')), 'api-forbidden', { verb: 'list', resource: 'services' }],
    [failed('Get \\"https://10.0.0.1/api\\": dial tcp 10.0.0.1:443: i/o timeout'), 'api-timeout', { server: '10.0.0.1' }],
    [failed('Get \\"https://10.0.0.1/api\\": net/http: TLS handshake timeout'), 'api-timeout', {}],
    [
      failed('Get \\"https://X.eks.amazonaws.com/api\\": dial tcp: lookup X.eks.amazonaws.com on 10.0.0.2:53: read udp: i/o timeout'),
      'api-name',
      { host: 'X.eks.amazonaws.com', resolver: '10.0.0.2:53' },
    ],
    [of130('Get "https://x/api": dial tcp: lookup x on 10.0.0.2:53: no such host'), 'api-name', { host: 'x' }],
    [failed('Unauthorized'), 'api-unauthorized', { reason: 'Unauthorized' }],
    [failed('Get \\"https://10.0.0.1/api\\": x509: certificate signed by unknown authority'), 'api-cert', {}],
    [
      'E1123 07:35:12.139020   1 proxier.go:858] "Failed to execute iptables-restore" err="exit status 1 (iptables-restore: line 1193 failed\\n)"',
      'iptables-failed',
      { line: '1193' },
    ],
    [
      'E0805 15:22:40.729023       1 proxier.go:1] Failed to execute iptables-restore: exit status 1 (iptables-restore: line 9 failed',
      'iptables-failed',
      {},
    ],
    ['E0805 15:22:40.729023       1 proxier.go:1] Sync failed; retrying in 30s', 'iptables-failed', {}],
    [
      'E0805 15:22:40.729023       1 conntrack.go:1] "Failed to list conntrack entries" err="operation not permitted"',
      'conntrack-failed',
      {},
    ],
    [
      'E1123 07:35:02.488466   14160 run.go:72] "command failed" err="failed validate: KubeProxyConfiguration.Mode.ProxyMode: Invalid value: \\"ipvss\\": must be iptables, ipvs, nftables or blank"',
      'config-invalid',
      { field: 'KubeProxyConfiguration.Mode.ProxyMode', value: 'ipvss' },
    ],
    [
      'E1123 07:35:02.5   1 run.go:72] "command failed" err="failed complete: failed to decode: yaml: line 6: mapping values are not allowed in this context"',
      'config-invalid',
      {},
    ],
    ['E1123 07:35:02.5   1 run.go:72] "command failed" err="stat /nosuch: no such file or directory"', 'config-invalid', {}],
    ['F0805 15:22:40.729023       1 server.go:485] failed complete: open /config: no such file or directory', 'config-invalid', {}],
    ['Error: unknown flag: --nosuchflag', 'config-invalid', {}],
    [
      'E1123 07:35:02.5   1 server.go:135] "Error running ProxyServer" err="open /proc/sys/net/netfilter/nf_conntrack_max: permission denied"',
      'fatal',
      {},
    ],
    [
      'I1123 07:03:42.446200       1 shared_informer.go:356] "Caches are synced" controller="service config"',
      'synced',
      { cache: 'service config' },
    ],
    ['I0805 15:22:40.729023       1 shared_informer.go:247] Caches are synced for service config ', 'synced', { cache: 'service config' }],
    [
      'I1123 07:03:42.347780       1 reflector.go:439] "Caches populated" type="*v1.Service" reflector="x"',
      'synced',
      { cache: '*v1.Service' },
    ],
    ['I1123 07:03:42.136315       1 server_linux.go:132] "Using iptables Proxier"', 'started', { mode: 'iptables' }],
    ['E1123 07:35:02.5   1 x.go:1] "Something new" err="went wrong"', 'other-error', { reason: 'Something new: went wrong' }],
  ])('%s', (line, name, fields) => {
    expect(classifyKubeProxyLine(line)).toMatchObject({ class: name, fields });
    expect(classifyKubeProxyLine(`2026-11-23T07:35:12.139099999Z ${line}`)).toMatchObject({ class: name, fields });
  });

  test.each([
    'E1123 07:03:42.130559       1 server.go:256] "Kube-proxy configuration may be incomplete or incorrect" err="nodePortAddresses is unset; NodePort connections will be accepted on all local IPs."',
    'I1123 07:03:42.343514       1 server.go:538] "Failed to apply OOMScore" err="write /proc/self/oom_score_adj: permission denied"',
    'I1123 07:35:02.653013   14178 server_linux.go:53] "Using iptables proxy"',
    'W1123 07:35:02.653013   14178 x.go:1] "watch ended with: very short watch"',
    'I1123 07:03:42.020127       1 flags.go:64] FLAG: --kubeconfig=""',
    '',
  ])('%j is healthy', (line) => {
    expect(classifyKubeProxyLine(line)).toBeNull();
  });
});

describe('the summary of its log', () => {
  const now = new Date('2026-11-23T07:36:00Z');
  const synced = 'I1123 07:35:20.446200       1 shared_informer.go:356] "Caches are synced" controller="service config"';
  const classOf = (text: string, name: string) => summariseKubeProxyLog(text, now).find((found) => found.class === name);

  test('an error before the caches were synced is past, one after it is not', () => {
    const before = classOf(`${failed(refused)}\n${synced}\n`, 'api-refused');
    const after = classOf(`${synced}\n${failed(refused)}\n${failed(refused)}\n`, 'api-refused');
    expect([before?.fields['afterSync'], after?.fields['afterSync'], after?.count]).toEqual(['false', 'true', 2]);
    expect([before && stillFails(before), after && stillFails(after)]).toEqual([false, true]);
  });

  test('the time is that of klog, or the kubelet has a better one', () => {
    expect(classOf(failed(refused), 'api-refused')).toMatchObject({ lastAt: '2026-11-23T07:35:12.139Z', fields: { ageSeconds: '48' } });
    expect(classOf(`2026-11-23T05:00:00.1Z ${failed(refused)}`, 'api-refused')?.lastAt).toBe('2026-11-23T05:00:00.1Z');
  });

  test('an error that was not said again for long is past', () => {
    const found = classOf(`2026-11-23T05:00:00.1Z ${failed(refused)}`, 'api-refused');
    expect(found && stillFails(found)).toBe(false);
  });

  test('a value of several lines becomes one', () => {
    const at = '2026-11-23T07:35:00.1Z ';
    const text = [
      'E1123 07:35:00.1   1 proxier.go:1] "Failed to execute iptables-restore" err=<',
      '\texit status 1: iptables-restore: line 7 failed',
      ' >',
      synced,
    ]
      .map((line) => `${at}${line}\n`)
      .join('');
    expect(classOf(text, 'iptables-failed')).toMatchObject({ count: 1, fields: { line: '7', afterSync: 'false' } });
    expect(classOf(text, 'synced')?.count).toBe(1);
  });

  test('nothing makes it throw, and a huge line is nothing to it', () => {
    const word = fc.constantFrom(head, '"', 'err=', 'err=<\n', '\t', ' >\n', '\\', 'failed to list *v1.', 'x=[', 'nft ', '\n');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word).map((words) => words.join('')),
        ),
        (text) => void summariseKubeProxyLog(text, now),
      ),
      { numRuns: 500 },
    );
    const started = performance.now();
    for (const piece of ['nft ', '\\"', 'a="', '"', 'err=< ']) summariseKubeProxyLog(head + piece.repeat(1_000_000), now);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
