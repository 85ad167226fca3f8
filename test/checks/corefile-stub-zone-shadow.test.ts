import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-stub-zone-shadow.ts';
import {
  coded,
  corednsLog,
  corednsLogs,
  corefile,
  corefileWith,
  directive,
  directives,
  healthyFacts,
  logClass,
  lookupsWhere,
  lost,
  row,
  server,
  upstreamIP,
  withDirectives,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const stub = server('corp.example.', [directive('forward', ['.', '10.9.0.1'], [], 21)], 20);
const withStub = corefile({ servers: [server('.', directives()), stub] });
const asked = (over: Parameters<typeof row>[0]) =>
  row({ role: 'asked', name: 'git.corp.example.', answers: ['10.9.1.1'], flags: ['qr', 'ra', 'rd'], ...over });

describe('corefile-stub-zone-shadow', () => {
  test('does not apply without a zone of its own', () => {
    expect(judge(check, healthyFacts()).status).toBe('not-applicable');
  });

  test('passes when the zone works', () => {
    expect(judge(check, healthyFacts({ corefile: withStub, lookups: lookupsWhere(() => null, [asked({})]) })).status).toBe('passed');
  });

  test('is critical when a name that was asked for fails in it', () => {
    const finding = theFinding(check, healthyFacts({ corefile: withStub, lookups: lookupsWhere(() => null, [asked(lost())]) }), {
      names: ['git.corp.example'],
    });
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'outside',
      args: { zone: 'corp.example.', upstreams: ['10.9.0.1'], line: 21, lookup: 'git.corp.example.' },
    });
  });

  test('counts a name that the zone denies and the upstream knows', () => {
    const direct = asked({ serverKind: 'upstream', server: upstreamIP });
    expect(
      theFinding(check, healthyFacts({ corefile: withStub, lookups: lookupsWhere(() => null, [asked(coded('NXDOMAIN')), direct]) }))
        .variant,
    ).toBe('outside');
    expect(judge(check, healthyFacts({ corefile: withStub, lookups: lookupsWhere(() => null, [asked(coded('NXDOMAIN'))]) })).status).toBe(
      'passed',
    );
  });

  test('knows a forward for one zone inside the root block', () => {
    const inner = corefileWith([directive('forward', ['corp.example', '10.9.0.1'], [], 12), ...directives()]);
    expect(theFinding(check, healthyFacts({ corefile: inner, lookups: lookupsWhere(() => null, [asked(lost())]) })).args).toMatchObject({
      zone: 'corp.example.',
      line: 12,
    });
  });

  test('is medium when only the log complains about it', () => {
    const said = logClass('upstream-timeout', { count: 20, fields: { name: 'ldap.corp.example.', upstream: '10.9.0.1:53' } });
    const logs = (...classes: ReturnType<typeof logClass>[]) => corednsLogs([corednsLog({ classes })]);
    expect(theFinding(check, healthyFacts({ corefile: withStub, 'coredns-logs': logs(said) }))).toMatchObject({
      severity: 'medium',
      variant: 'log',
      args: { count: 20 },
    });
    expect(
      judge(check, healthyFacts({ corefile: withStub, 'coredns-logs': logs({ ...said, fields: { name: 'amazon.com.' } }) })).status,
    ).toBe('passed');
  });

  test('is critical when a block takes the names of the cluster away', () => {
    const shadowed = corefile({
      servers: [server('.', withDirectives()), server('svc.cluster.local.', [directive('forward', ['.', '10.9.0.1'])], 20)],
    });
    const lookups = lookupsWhere((one) => (one.role === 'internal' ? coded('NXDOMAIN') : null));
    expect(theFinding(check, healthyFacts({ corefile: shadowed, lookups }))).toMatchObject({
      severity: 'critical',
      variant: 'inside',
      args: { zone: 'svc.cluster.local.', line: 20 },
    });
  });

  test('cannot tell when no name of the world is answered at all', () => {
    const dark = lookupsWhere((one) => (one.role.includes('external') ? lost() : null), [asked(lost())]);
    expect(judge(check, healthyFacts({ corefile: withStub, lookups: dark })).status).toBe('unknown');
  });
});
