import { describe, expect, test } from '@jest/globals';
import { parseResolvConf } from '../../src/formats/resolv-conf.ts';

describe('resolv.conf', () => {
  test('of a pod', () => {
    const text =
      'search shop.svc.cluster.local svc.cluster.local cluster.local eu-west-1.compute.internal\nnameserver 10.100.0.10\noptions ndots:5\n';
    expect(parseResolvConf(text)).toEqual({
      nameservers: ['10.100.0.10'],
      search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'eu-west-1.compute.internal'],
      ndots: 5,
      options: ['ndots:5'],
      unknown: [],
    });
  });

  test('the last search or domain wins, an empty one is passed over', () => {
    expect(parseResolvConf('domain a.example\nsearch b.example\tc.example\n').search).toEqual(['b.example', 'c.example']);
    expect(parseResolvConf('search b.example\ndomain a.example x\nsearch\n').search).toEqual(['a.example']);
  });

  test('comments, blanks at the start, and what nobody understands', () => {
    const conf = parseResolvConf(
      '# a\n; b\n\n nameserver 1.1.1.1\nnameserver\t10.0.0.2 # c\nnameserverx 3\nnameserver\nsortlist 10.0.0.0\r\noptions rotate # ndots:9\n',
    );
    expect(conf).toMatchObject({
      nameservers: ['10.0.0.2'],
      options: ['rotate'],
      ndots: 1,
      unknown: [' nameserver 1.1.1.1', 'nameserverx 3', 'nameserver'],
    });
  });

  test('options add up, the last ndots wins, and a broken one is 0', () => {
    expect(parseResolvConf('options ndots:5 timeout:1\noptions ndots:2 use-vc')).toMatchObject({
      ndots: 2,
      options: ['ndots:5', 'timeout:1', 'ndots:2', 'use-vc'],
    });
    expect(parseResolvConf('options ndots:x').ndots).toBe(0);
  });

  test('all nameservers are kept, IPv6 ones too', () => {
    expect(parseResolvConf('nameserver 1.1.1.1\nnameserver fe80::1%eth0\nnameserver 3.3.3.3\nnameserver 4.4.4.4').nameservers).toHaveLength(
      4,
    );
  });

  test('a text of nonsense is bounded', () => {
    const conf = parseResolvConf(`${'nonsense\n'.repeat(100_000)}${'search x '.repeat(1_000_000)}`);
    expect([conf.unknown.length, conf.search]).toEqual([20, []]);
  });
});
