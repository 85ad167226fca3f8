import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/resolv-limits-exceeded.ts';
import { clusterIP, healthyFacts, lookups, namedPod, resolvConf, throughResolver } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const event = { reason: 'DNSConfigForming', message: 'Search Line limits were exceeded, some search paths have been omitted' };
const wanting = (searches: string[], nameservers: string[] = []) =>
  namedPod({ events: [event], dnsConfig: { nameservers, searches, options: [] } });

describe('resolv-limits-exceeded', () => {
  test('a pod without such an event passes', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('what the node adds is rarely missed', () => {
    expect(theFinding(check, healthyFacts({ pod: namedPod({ events: [event] }) })).severity).toBe('info');
  });

  test('a search domain that the pod wants for itself is missed', () => {
    expect(theFinding(check, healthyFacts({ pod: wanting(['corp.example']) }))).toMatchObject({
      severity: 'low',
      args: { omitted: ['corp.example'] },
    });
    const failed = lookups([throughResolver('cart', 'asked', false)]);
    expect(theFinding(check, healthyFacts({ pod: wanting(['corp.example']), lookups: failed })).severity).toBe('medium');
  });

  test('one that it has is not, however it is written', () => {
    expect(theFinding(check, healthyFacts({ pod: wanting(['SVC.cluster.local.']) })).severity).toBe('info');
  });

  test('a fourth nameserver is left out without harm', () => {
    const pod = namedPod({
      dnsConfig: { nameservers: ['1.1.1.1', '8.8.8.8', '9.9.9.9'], searches: [], options: [] },
      resolvConf: resolvConf({ nameservers: [clusterIP, '1.1.1.1', '8.8.8.8'] }),
    });
    expect(theFinding(check, healthyFacts({ pod }))).toMatchObject({ severity: 'info', args: { omitted: ['9.9.9.9'] } });
  });
});
