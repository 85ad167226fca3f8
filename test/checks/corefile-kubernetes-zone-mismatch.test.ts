import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-kubernetes-zone-mismatch.ts';
import {
  coded,
  corefile,
  corefileWith,
  directive,
  directives,
  factsWithout,
  healthyFacts,
  lookupsWhere,
  server,
  withDirectives,
  without,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const unknownZone = lookupsWhere((row) => (row.role === 'internal' ? coded('NXDOMAIN', ['aa', 'qr', 'rd']) : null));
const other = corefileWith(withDirectives(directive('kubernetes', ['cluster.example', 'in-addr.arpa'])));

describe('corefile-kubernetes-zone-mismatch', () => {
  test('passes when the zone is served', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is critical when pods ask for another zone', () => {
    const finding = theFinding(check, healthyFacts({ corefile: other, lookups: unknownZone }));
    expect(finding).toMatchObject({
      severity: 'critical',
      variant: 'mismatch',
      args: { zone: 'cluster.local', served: ['cluster.example'] },
    });
  });

  test('is high from the configuration alone', () => {
    expect(theFinding(check, { ...factsWithout('lookups'), corefile: other }).severity).toBe('high');
  });

  test('passes when the names are known all the same', () => {
    expect(judge(check, healthyFacts({ corefile: other })).status).toBe('passed');
  });

  test('says so when there is no kubernetes plugin', () => {
    expect(theFinding(check, healthyFacts({ corefile: corefileWith(without('kubernetes')), lookups: unknownZone })).variant).toBe('absent');
  });

  test('a plugin without arguments serves the zones of its block', () => {
    expect(
      judge(check, healthyFacts({ corefile: corefileWith(withDirectives(directive('kubernetes'))), lookups: unknownZone })).status,
    ).toBe('passed');
  });

  test('a zone that another block serves is no mismatch', () => {
    const blocks = corefile({ servers: [server('.', without('kubernetes')), server('cluster.local.', directives(), 20)] });
    expect(judge(check, healthyFacts({ corefile: blocks })).status).toBe('passed');
  });
});
