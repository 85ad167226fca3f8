import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-no-forward.ts';
import {
  coded,
  corednsLog,
  corednsLogs,
  corefile,
  corefileWith,
  directive,
  directives,
  factsWithout,
  healthyFacts,
  logClass,
  lookupsWhere,
  server,
  withDirectives,
  without,
} from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const isOutside = (role: string) => role === 'external' || role === 'fresh-external';
const failing = lookupsWhere((row) => (isOutside(row.role) && row.serverKind !== 'upstream' ? coded('SERVFAIL') : null));
const bare = corefileWith(without('forward'));

describe('corefile-no-forward', () => {
  test('passes with a forward', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is critical when names of the world fail for it', () => {
    expect(theFinding(check, healthyFacts({ corefile: bare, lookups: failing }))).toMatchObject({
      severity: 'critical',
      args: { namespace: 'kube-system' },
    });
  });

  test('counts REFUSED where no block takes them', () => {
    const lookups = lookupsWhere((row) => (isOutside(row.role) && row.serverKind !== 'upstream' ? coded('REFUSED', ['qr', 'rd']) : null));
    expect(
      theFinding(check, healthyFacts({ corefile: corefile({ servers: [server('cluster.local.', directives())] }), lookups })).severity,
    ).toBe('critical');
  });

  test('a forward for one zone only is none', () => {
    const narrow = corefileWith(withDirectives(directive('forward', ['corp.example', '10.9.0.1'])));
    expect(theFinding(check, healthyFacts({ corefile: narrow, lookups: failing })).severity).toBe('critical');
  });

  test('a cluster whose resolver knows no names of the world either is closed', () => {
    const closed = lookupsWhere((row) => (isOutside(row.role) ? coded('SERVFAIL') : null));
    expect(theFinding(check, healthyFacts({ corefile: bare, lookups: closed })).severity).toBe('info');
    expect(theFinding(check, healthyFacts({ corefile: bare, lookups: closed }), { names: ['amazon.com'] }).severity).toBe('critical');
  });

  test('does not apply where another plugin answers', () => {
    expect(judge(check, healthyFacts({ corefile: bare })).status).toBe('not-applicable');
    expect(
      judge(
        check,
        healthyFacts({
          corefile: corefileWith(withDirectives(directive('unbound')).filter(({ name }) => name !== 'forward')),
          lookups: failing,
        }),
      ).status,
    ).toBe('passed');
  });

  test('goes by the log where nothing was looked up', () => {
    const facts = { ...factsWithout('lookups'), corefile: bare };
    expect(theFinding(check, facts).severity).toBe('info');
    const logs = corednsLogs([corednsLog({ classes: [logClass('no-next-plugin', { count: 50 })] })]);
    expect(theFinding(check, { ...facts, 'coredns-logs': logs }).severity).toBe('high');
  });
});
