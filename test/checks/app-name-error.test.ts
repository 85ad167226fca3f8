import { describe, expect, test } from '@jest/globals';
import type { NamedServices } from '../../src/domain/service.ts';
import check from '../../src/checks/app-name-error.ts';
import { coded, healthyFacts, healthyRows, lookups, lookupsWhere, row } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

type Named = NamedServices['names'][number];
const named = (over: Partial<Named> = {}): NamedServices => ({
  names: [
    {
      host: 'crat.shop',
      service: 'crat',
      namespace: 'shop',
      namespaceExists: true,
      services: ['cart', 'web'],
      headlessNotReady: false,
      externalName: null,
      ...over,
    },
  ],
});
const asked = (name: string, over: object = {}) => row({ name, role: 'asked', ...coded('NXDOMAIN', ['aa', 'qr', 'rd']), ...over });
const denied = [
  asked('crat.shop.shop.svc.cluster.local.'),
  asked('crat.shop.svc.cluster.local.'),
  asked('crat.shop.cluster.local.'),
  asked('crat.shop.', { flags: ['qr', 'ra', 'rd'] }),
];
const facts = (over: Partial<Named> = {}, rows = denied) =>
  healthyFacts({ 'named-services': named(over), lookups: lookups([...healthyRows(), ...rows]) });

describe('app-name-error', () => {
  test('no asked name, or none that failed, is not judged', () => {
    expect(judge(check, healthyFacts()).status).toBe('not-applicable');
  });

  test('a name that CoreDNS denies and no Service has is found, with the nearest', () => {
    const finding = theFinding(check, facts());
    expect(finding).toMatchObject({ severity: 'high', variant: 'service', args: { host: 'crat.shop', didYouMean: ['cart'] } });
    expect(finding.proof).toContainEqual({ reading: 'named-services', pointer: '/names/0' });
  });

  test('a namespace that is not there is told', () => {
    const rows = [asked('cart.shpo.svc.cluster.local.')];
    expect(
      theFinding(check, facts({ host: 'cart.shpo', service: 'cart', namespace: 'shpo', namespaceExists: false, services: [] }, rows))
        .variant,
    ).toBe('namespace');
  });

  test('a headless Service without ready pods has no address', () => {
    const rows = [asked('cart.shop.svc.cluster.local.', coded('NOERROR', ['aa', 'qr', 'rd']))];
    expect(theFinding(check, facts({ host: 'cart.shop', service: 'cart', headlessNotReady: true }, rows)).variant).toBe('headless');
  });

  test('a name that is found somewhere passes', () => {
    const found = asked('crat.shop.', { rcodes: { NOERROR: 5 }, answers: ['192.0.2.7'] });
    expect(judge(check, facts({}, [...denied.slice(0, 3), found])).status).toBe('passed');
  });

  test('a Service that is there, and a name that was not looked up, are no mistakes of the name', () => {
    expect(judge(check, facts({ service: 'cart' })).status).toBe('passed');
    expect(judge(check, facts({}, [])).status).toBe('passed');
  });

  test('failures that are not denials are another matter', () => {
    expect(judge(check, facts({}, [asked('crat.shop.svc.cluster.local.', coded('SERVFAIL', ['aa', 'qr']))])).status).toBe('passed');
    expect(judge(check, facts({}, [asked('crat.shop.svc.cluster.local.', { flags: ['qr', 'ra'] })])).status).toBe('passed');
    expect(judge(check, facts({}, [asked('crat.shop.svc.cluster.local.', { flags: [] })])).status).toBe('passed');
  });

  test.each(['NXDOMAIN', 'SERVFAIL'])('a CoreDNS that says %s to the name every cluster has is not believed', (rcode) => {
    const sick = lookupsWhere((one) => (one.role === 'internal' ? coded(rcode, ['aa', 'qr']) : null), denied);
    expect(judge(check, healthyFacts({ 'named-services': named(), lookups: sick })).status).toBe('not-applicable');
  });
});
