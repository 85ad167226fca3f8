import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-hosts-or-rewrite-override.ts';
import { coded, corefileWith, directive, healthyFacts, lookupsWhere, row, upstreamIP, withDirectives } from './evidence.ts';
import { findingsOf, judge, theFinding } from './judging.ts';

const hosts = corefileWith(withDirectives(directive('hosts', [], [['10.9.9.9', 'amazon.com'], ['fallthrough']], 10)));
const pinned = lookupsWhere((one) =>
  one.role === 'external' && one.serverKind !== 'upstream' ? { answers: ['10.9.9.9'], flags: ['aa', 'qr', 'rd'] } : null,
);

describe('corefile-hosts-or-rewrite-override', () => {
  test('passes without entries', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is medium when a name of the world gets another address', () => {
    const finding = theFinding(check, healthyFacts({ corefile: hosts, lookups: pinned }));
    expect(finding).toMatchObject({
      severity: 'medium',
      args: { lookup: 'amazon.com.', here: ['10.9.9.9'], plugin: 'hosts', line: 10, there: 'the upstream says 176.32.98.166' },
    });
  });

  test('goes by the entry where the upstream was not asked', () => {
    const unasked = { ...pinned, rows: pinned.rows.filter((one) => one.serverKind !== 'upstream') };
    expect(theFinding(check, healthyFacts({ corefile: hosts, lookups: unasked })).severity).toBe('medium');
  });

  test('does not mind answers that differ without an entry, as content networks give them', () => {
    expect(judge(check, healthyFacts({ lookups: pinned })).status).toBe('passed');
  });

  test('does not mind an entry that says what the upstream says', () => {
    const corefile = corefileWith(withDirectives(directive('hosts', [], [['176.32.98.166', 'amazon.com']])));
    expect(judge(check, healthyFacts({ corefile })).status).toBe('passed');
  });

  test('a pinned name that nobody asked about is only worth knowing', () => {
    const corefile = corefileWith(withDirectives(directive('hosts', [], [['10.1.1.1', 'api.example.com']])));
    const more = [
      row({ role: 'pinned', name: 'api.example.com.', answers: ['10.1.1.1'], flags: ['aa', 'qr', 'rd'] }),
      row({ role: 'pinned', name: 'api.example.com.', serverKind: 'upstream', server: upstreamIP, answers: ['93.184.215.14'] }),
    ];
    const facts = healthyFacts({ corefile, lookups: lookupsWhere(() => null, more) });
    expect(theFinding(check, facts).severity).toBe('info');
    expect(theFinding(check, facts, { names: ['api.example.com'] }).severity).toBe('medium');
  });

  test('finds a template that denies a name the world has', () => {
    const corefile = corefileWith(withDirectives(directive('template', ['ANY', 'ANY', 'amazon.com'], [['rcode', 'NXDOMAIN']])));
    const denied = lookupsWhere((one) =>
      one.role === 'external' && one.serverKind !== 'upstream' ? coded('NXDOMAIN', ['aa', 'qr', 'rd']) : null,
    );
    expect(theFinding(check, healthyFacts({ corefile, lookups: denied })).args).toMatchObject({ plugin: 'template', here: 'no address' });
  });

  test('finds kubernetes.default pinned to an address', () => {
    const corefile = corefileWith(withDirectives(directive('hosts', [], [['10.9.9.9', 'kubernetes.default.svc.cluster.local']])));
    const lookups = lookupsWhere((one) => (one.role === 'internal' ? { answers: ['10.9.9.9'] } : null));
    expect(findingsOf(check, healthyFacts({ corefile, lookups }))).toMatchObject([{ severity: 'medium' }]);
  });

  test('knows the forms of rewrite', () => {
    const found = (...args: string[]) =>
      findingsOf(check, healthyFacts({ corefile: corefileWith(withDirectives(directive('rewrite', args))), lookups: pinned })).length;
    expect(found('name', 'amazon.com', 'x.example')).toBe(1);
    expect(found('stop', 'name', 'exact', 'amazon.com', 'x.example')).toBe(1);
    expect(found('name', 'suffix', '.com', '.example')).toBe(1);
    expect(found('name', 'substring', 'azo', 'x')).toBe(1);
    expect(found('name', 'regex', '(.*)', 'x')).toBe(1);
    expect(found('name', 'exact', 'other.com', 'x.example')).toBe(0);
    expect(found('ttl', 'amazon.com', '60')).toBe(0);
  });
});
