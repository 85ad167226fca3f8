import { describe, expect, test } from '@jest/globals';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';
import { clusterZone, eksDefault } from '../../../src/remedies/restore-corefile/eks-default.ts';
import { lostParts } from '../../../src/remedies/restore-corefile/local-parts.ts';
import { textDiff } from '../../../src/remedies/restore-corefile/text-diff.ts';
import { withoutLog } from '../../../src/remedies/restore-corefile/without-log.ts';
import { corefileSha, corefileText, healthyFacts, workload } from '../../checks/evidence.ts';

describe('the default of EKS', () => {
  test('is the text that is known from its hash', () => {
    expect(corefileSha512(eksDefault('cluster.local', workload()))).toBe(corefileSha);
  });

  test('has the ports and the zone of this cluster', () => {
    const ports = [{ name: 'dns', port: 5353, protocol: 'UDP' as const }];
    const text = eksDefault('corp.internal', workload({ containerPorts: ports, readiness: { path: '/ready', port: 8182 } }));
    expect(text).toMatch(/^\.:5353 \{/);
    expect(text).toContain('\n    ready :8182\n');
    expect(text).toContain('kubernetes corp.internal in-addr.arpa');
    expect(parseCorefile(text).error).toBeNull();
  });

  test('takes no zone that is none', () => {
    const evidence = (clusterDomain: string) => {
      const data = { items: [{ node: 'n', source: 'configz' as const, clusterDNS: [], clusterDomain, resolvConf: null }] };
      return { kubelets: { id: 'kubelets' as const, status: 'ok' as const, data, durationMs: 1 } };
    };
    expect(clusterZone(evidence('Corp.Internal.') as never)).toBe('corp.internal');
    expect(clusterZone(evidence('a {\n whoami\n}') as never)).toBe('cluster.local');
    expect(clusterZone({})).toBe('cluster.local');
    expect(healthyFacts().kubelets.items.length).toBeGreaterThan(0);
  });
});

describe('log directives are taken out', () => {
  const into = (lines: string): string => corefileText.replace('    errors\n', `    errors\n${lines}`);

  test.each([
    ['a line', '    log\n'],
    ['a block', '    log . {\n        class denial error\n    }\n'],
    ['one with a comment', '    log # for a while\n'],
    ['two', '    log a.example\n    log b.example {\n      class all\n    }\n'],
    ['one with line ends of Windows', '    log\r\n'],
  ])('%s, and the rest stays byte for byte', (_, lines) => {
    expect(withoutLog(into(lines))).toBe(corefileText);
  });

  test('in every server block, and from a snippet once', () => {
    const stub = '\nstub.example:53 {\n  forward . 10.0.0.9\n}\n';
    expect(withoutLog(`${into('    log\n')}${stub.replace('{\n', '{\n  log\n')}`)).toBe(`${corefileText}${stub}`);
    const snippet = `(shared) {\n    log\n    errors\n}\n.:53 {\n    import shared\n}\na.example {\n    import shared\n}\n`;
    expect(withoutLog(snippet)).toBe(snippet.replace('    log\n', ''));
  });

  test('where there is none, or the text does not parse, nothing is made', () => {
    expect(withoutLog(corefileText)).toBeNull();
    expect(withoutLog('.:53 {\n  log\n')).toBeNull();
  });
});

describe('what a text would lose', () => {
  const lost = (before: string): string[] => lostParts(parseCorefile(before), parseCorefile(corefileText));

  test('nothing where it is the same, or only logs', () => {
    expect(lost(corefileText)).toEqual([]);
    expect(lost(corefileText.replace('ready', 'log').replace('192', '1'))).toEqual([]);
    expect(lost(corefileText.replace('/etc/resolv.conf', '192.0.2.1'))).toEqual([]);
  });

  test('stub domains, hosts and rewrites, with their lines', () => {
    const own = corefileText.replace(
      '    errors\n',
      '    errors\n    hosts {\n      10.9.9.9 a.example\n    }\n    forward corp.example 10.1.1.1\n    rewrite name a.b c.d\n',
    );
    expect(lost(`${own}stub.example:53 {\n  forward . 10.0.0.9\n}\n`)).toEqual([
      'the server block stub.example. (line 23)',
      'hosts (line 3)',
      'forward corp.example (line 6)',
      'rewrite name a.b c.d (line 7)',
    ]);
  });
});

describe('a difference', () => {
  test('shows what goes and what comes, with two lines around', () => {
    expect(textDiff('a\nb\nc\nd\ne\nf\n', 'a\nb\nc\nD\ne\nf\n')).toEqual(['  b', '  c', '- d', '+ D', '  e', '  f']);
    expect(textDiff('', 'a\n')).toEqual(['+ a']);
    expect(textDiff('a\n', 'a\n')).toEqual([]);
  });

  test('is bounded, and shows nothing that moves a terminal', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `x${at}`).join('\n');
    expect(textDiff(many, '')).toHaveLength(201);
    expect(textDiff(`a\u001B[2J${'y'.repeat(900)}`, '')[0]).toHaveLength(302);
    expect(textDiff('a\u001B[2J', '')).toEqual(['- a [2J']);
  });
});
