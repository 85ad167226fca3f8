import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/pod-dnsconfig-none-incomplete.ts';
import { clusterIP, healthyFacts, inPod, lookups, namedPod, resolvConf, throughResolver } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const cluster = ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];
const none = (searches: string[], options = [{ name: 'ndots', value: '5' }]) =>
  namedPod({ dnsPolicy: 'None', dnsConfig: { nameservers: [clusterIP], searches, options }, resolvConf: resolvConf({ search: searches }) });

describe('pod-dnsconfig-none-incomplete', () => {
  test('a search path and ndots of its own pass', () => {
    expect(judge(check, healthyFacts({ pod: none(cluster) })).status).toBe('passed');
  });

  test('other policies have theirs from the kubelet', () => {
    expect(judge(check, healthyFacts()).status).toBe('not-applicable');
  });

  test('no search path is worth a word, no more', () => {
    expect(theFinding(check, healthyFacts({ pod: none([]) }))).toMatchObject({ severity: 'info', variant: 'searches' });
  });

  test('no ndots is worth a word, no more', () => {
    expect(theFinding(check, healthyFacts({ pod: none(cluster, []) }))).toMatchObject({ severity: 'info', variant: 'ndots' });
  });

  test('a short name that was asked for in vain makes it the cause', () => {
    const rows = [inPod(), throughResolver('cart.shop', 'asked', false)];
    expect(theFinding(check, healthyFacts({ pod: none([]), lookups: lookups(rows) })).severity).toBe('high');
    expect(
      theFinding(check, healthyFacts({ pod: none([]), lookups: lookups([throughResolver('cart.shop', 'asked', false)]) })).severity,
    ).toBe('info');
  });
});
