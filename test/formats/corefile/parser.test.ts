import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ServerBlock } from '../../../src/domain/coredns.ts';
import { corefileFault } from '../../../src/formats/corefile/directives.ts';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';
import { hostileText } from './hostile-text.ts';
import { block, eks, k3s, nodeLocal } from './samples.ts';

const error = (text: string): [number, string] | null => {
  const { error: fault } = parseCorefile(text);
  return fault && [fault.line, fault.message];
};

describe('the server blocks of a Corefile', () => {
  test('have zones, directives, arguments and options', () => {
    const { servers, error: fault, opaque } = parseCorefile(eks);
    expect({ fault, opaque }).toEqual({ fault: null, opaque: [] });
    expect(servers).toHaveLength(1);
    expect(servers[0]).toMatchObject({ keys: ['.:53'], zones: [{ zone: '.', port: 53, transport: 'dns' }], line: 1 });
    expect(servers[0]!.directives.map(({ name }) => name)).toEqual(
      'errors health ready kubernetes prometheus forward cache loop reload loadbalance'.split(' '),
    );
    expect(servers[0]!.directives[3]).toEqual({
      name: 'kubernetes',
      line: 7,
      args: ['cluster.local', 'in-addr.arpa', 'ip6.arpa'],
      options: [
        { name: 'pods', args: ['insecure'], line: 8 },
        { name: 'fallthrough', args: ['in-addr.arpa', 'ip6.arpa'], line: 9 },
      ],
    });
  });

  test.each([
    ['a.org', [['a.org.', 53, 'dns']]],
    ['A.Org.:5353', [['a.org.', 5353, 'dns']]],
    ['dns://.', [['.', 53, 'dns']]],
    ['tls://a.org', [['a.org.', 853, 'tls']]],
    ['grpc://.:5443', [['.', 5443, 'grpc']]],
    ['10.0.0.0/24', [['0.0.10.in-addr.arpa.', 53, 'dns']]],
    [
      '10.0.0.0/23:54',
      [
        ['0.0.10.in-addr.arpa.', 54, 'dns'],
        ['1.0.10.in-addr.arpa.', 54, 'dns'],
      ],
    ],
    ['10.1.2.3/8', [['10.in-addr.arpa.', 53, 'dns']]],
    ['2001:db8::/32', [['8.b.d.0.1.0.0.2.ip6.arpa.', 53, 'dns']]],
    [
      'fd00::/7',
      [
        ['c.f.ip6.arpa.', 53, 'dns'],
        ['d.f.ip6.arpa.', 53, 'dns'],
      ],
    ],
    ['10.0.0.0/33', [['10.0.0.0/33.', 53, 'dns']]],
  ])('serve for the key %s what CoreDNS serves', (key, zones) =>
    expect(parseCorefile(`${key} {\n}\n`).servers[0]!.zones.map(({ zone, port, transport }) => [zone, port, transport])).toEqual(zones),
  );

  test('take the directives of the snippets that they import', () => {
    const { servers, snippets } = parseCorefile(
      `(common) {\n  log\n  cache {\n    success 10\n  }\n}\n${block('errors', 'import common', 'reload')}`,
    );
    expect(snippets).toEqual([{ name: 'common', line: 1 }]);
    expect(servers[0]!.directives.map(({ name, line }) => [name, line])).toEqual([
      ['errors', 8],
      ['log', 2],
      ['cache', 3],
      ['reload', 10],
    ]);
    expect(servers[0]!.directives[2]!.options).toEqual([{ name: 'success', args: ['10'], line: 4 }]);
  });

  test('are there without braces', () =>
    expect(parseCorefile('example.org\nlog\ncache 30\n').servers[0]).toMatchObject({
      keys: ['example.org'],
      directives: [{ name: 'log' }, { name: 'cache' }],
    }));

  test('are there up to a syntax error', () => {
    const { servers, blocks } = parseCorefile(`${block('log')}b.org {\n  errors\n  cache }\n`);
    expect(servers.map(({ directives }) => directives.map(({ name }) => name))).toEqual([['log'], ['errors', 'cache']]);
    expect(blocks).toBeNull();
  });

  test('keep a plugin from reading a block that opens on the next line', () =>
    expect(parseCorefile('. {\n  health\n  {\n    lameduck 5s\n  }\n}\n').servers[0]!.directives[0]!.options).toEqual([
      { name: '{', args: [], line: 3 },
    ]));
});

describe('what cannot be followed', () => {
  test('is named: files and environment variables', () => {
    expect(parseCorefile(k3s)).toMatchObject({
      error: null,
      opaque: ['import /etc/coredns/custom/*.override', 'import /etc/coredns/custom/*.server'],
    });
    expect(parseCorefile('{$ZONE}:53 {\n  forward . {%UPSTREAM%}\n}\n')).toMatchObject({
      error: null,
      opaque: ['{$ZONE}:53', '{%UPSTREAM%}'],
    });
  });

  test('is an import that brings more words than we are ready to read', () => {
    const { opaque, error: fault } = parseCorefile(
      `(s) {\n${'log a b c\n'.repeat(1000)}}\n${block(...Array<string>(100).fill('import s'))}`,
    );
    expect({ opaque, fault }).toEqual({ opaque: ['import s (imports more than 200000 words)'], fault: null });
  });
});

describe('an error', () => {
  test.each([
    ['a missing brace', '.:53 {\n  log\n', [2, "Syntax error: Unexpected token 'log', expecting '}'"]],
    ['a plugin block without an end', '.:53 {\n  health {\n  lameduck 5s\n', [3, 'Unexpected EOF']],
    ['a block on one line', '.:53 { log }\n', [1, "Unexpected '}' because no matching opening brace"]],
    [
      'snippets that import each other',
      `(a) {\n import b\n}\n(b) {\n import a\n}\n${block('import a')}`,
      [5, 'maximum snippet import depth (10000) exceeded'],
    ],
    ['a key that is no name', 'a..b {\n}\n', [1, 'zone is not a valid domain name: a..b']],
    ['a brace glued to a key', '.:53{\n  log\n}\n', [1, 'zone is not a valid domain name: .:53{']],
    ['a key without a zone', ':5353 {\n}\n', [1, 'zone is not a valid domain name: ']],
    ['a zone that is served twice', `${block('log')}${block('errors')}`, [4, 'cannot serve dns://.:53 - it is already defined']],
    ['a zone twice in one block', 'a.org dns://a.org:53 {\n}\n', [1, 'cannot serve dns://a.org.:53 - it is already defined']],
  ] as [string, string, [number, string]][])('is worded as CoreDNS words it: %s', (_what, text, expected) => {
    expect(error(text)).toEqual(expected);
  });

  test.each([
    ['the same zone on another port or transport', '. {\n}\n.:54 {\n}\ntls://. {\n}\n'],
    ['the same zone on addresses of its own', '. {\n bind 127.0.0.1\n}\n. {\n bind 127.0.0.2\n}\n'],
    ['the same zone in views', '. {\n view a {\n expr true\n }\n}\n. {\n log\n}\n'],
    ['NodeLocal DNSCache', nodeLocal],
    ['a server whose last brace is missing behind a plugin block: caddy takes that one for it', '. {\n  health {\n    lameduck 5s\n  }\n'],
    ['keys from the environment', '{$A} {\n}\n{$A} {\n}\n'],
  ])('is not seen in %s', (_what, text) => expect(error(text)).toBeNull());
});

describe('hostile text', () => {
  test('never throws, and gives servers that fit the domain', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const parsed = parseCorefile(text);
        expect(parsed.servers.every((server) => ServerBlock.safeParse(server).success)).toBe(true);
        expect(corefileSha512(text) ?? '').toMatch(/^(?:[\da-f]{128})?$/);
        for (const version of [null, '1.3.1', '1.12.4', '9.9.9']) {
          const fault = corefileFault(parsed, version, version !== null);
          expect(fault?.line ?? 1).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is bounded: keys that are many zones each', () =>
    expect(parseCorefile(`${'128.0.0.0/1 '.repeat(5000)}{\n}\n`).servers[0]!.zones.length).toBeLessThanOrEqual(10_000));

  test('is bounded: deep braces', () => {
    expect(parseCorefile(`a {\n${'x {\n'.repeat(100_000)}`).error?.message).toBe('Unexpected EOF');
    expect(parseCorefile(`a {\n x ${'{ '.repeat(100_000)}${'\n}'.repeat(100_000)}\n}\n`).error).toBeNull();
  });
});
