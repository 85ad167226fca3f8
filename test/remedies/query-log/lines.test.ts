import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { corefileFault } from '../../../src/formats/corefile/directives.ts';
import { eks as EKS } from '../../formats/corefile/samples.ts';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';
import { blocksFor, CLASSES, withoutQueryLog, withQueryLog } from '../../../src/remedies/query-log/lines.ts';

const on = (text: string, names: readonly string[], classes: (typeof CLASSES)[number]) =>
  withQueryLog(text, blocksFor(parseCorefile(text), names), classes);

/** Corefiles as people write them: indentation, line ends, comments, several blocks, snippets, with and without a last line end. */
const indent = fc.constantFrom('  ', '    ', '\t', ' \t');
const comment = fc.constantFrom('', '', '', '# by hand', ' # left by ops  ', '\t#x');
const plugin = fc.constantFrom(
  ['errors'],
  ['ready'],
  ['health {', '  lameduck 5s', '}'],
  ['kubernetes cluster.local in-addr.arpa ip6.arpa {', '  pods insecure', '  fallthrough in-addr.arpa ip6.arpa', '}'],
  ['forward . /etc/resolv.conf'],
  ['cache 30'],
  ['loop'],
  ['reload'],
  ['loadbalance'],
);
const body = fc.tuple(
  indent,
  fc.uniqueArray(plugin, { minLength: 1, selector: ([first = '']) => first }),
  fc.array(comment, { maxLength: 9 }),
);
const block = (keys: string) =>
  body.map(([space, plugins, comments]) => {
    const lines = plugins.flatMap((own, at) => {
      const note = comments[at] ?? '';
      return [...own, ...(note === '' ? [] : [note.trimStart()])];
    });
    return [`${keys} {`, ...lines.map((line) => `${space}${line}`), '}'];
  });
const corefile = fc
  .tuple(
    fc.constantFrom([], ['(shared) {', '    errors', '}'], ['# the Corefile of cluster-a', '']),
    block('.:53'),
    fc.option(block('example.org example.net:53')),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([head, root, more, end, last]) => [...head, ...root, ...(more === null ? [] : ['', ...more])].join(end) + (last ? end : ''));

describe('the query log goes into a Corefile and out again', () => {
  test('byte for byte, and what lies between parses and logs in each block that was meant', () => {
    fc.assert(
      fc.property(
        corefile,
        fc.constantFrom(...CLASSES),
        fc.constantFrom([], ['amazon.com.'], ['www.example.org.']),
        (text, classes, names) => {
          const logged = on(text, names, classes);
          expect(logged).not.toBeNull();
          const parsed = parseCorefile(logged!.text);
          expect(corefileFault(parsed, '1.12.4', true)).toBeNull();
          for (const { keys } of logged!.logged) {
            const server = parsed.servers.find((one) => one.keys.join() === keys.join());
            expect(server?.directives.filter(({ name }) => name === 'log')).toHaveLength(1);
          }
          expect(withoutQueryLog(logged!.text, logged!.logged, classes)).toBe(text);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("somebody else's edit meanwhile stays, and only our lines go", () => {
    fc.assert(
      fc.property(corefile, fc.constantFrom(...CLASSES), (text, classes) => {
        const logged = on(text, [], classes)!;
        const edit = (one: string): string =>
          one.replace('forward . /etc/resolv.conf', 'forward . 10.0.0.2 10.0.0.3').replace('cache 30', 'cache 60');
        expect(withoutQueryLog(edit(logged.text), logged.logged, classes)).toBe(edit(text));
      }),
      { numRuns: 200 },
    );
  });

  test.each<[string, (text: string) => string]>([
    ['another class was written', (text) => text.replace('class denial error', 'class error')],
    ['the same lines were added again', (text) => text.replace('    errors', '    log . {\n        class denial error\n    }\n    errors')],
    ['something was written onto our lines', (text) => text.replace('log . {', 'log . { # keep')],
  ])('where %s nobody could say what to take out', (_what, edit) => {
    const logged = on(EKS, [], 'denial error')!;
    expect(withoutQueryLog(edit(logged.text), logged.logged, 'denial error')).toBeNull();
  });

  test('a block that logs already is left alone; where all do, there is nothing to do', () => {
    const text = `${EKS}example.org {\n    log\n    forward . 10.0.0.2\n}\n`;
    expect(on(text, ['a.example.org.'], 'all')).toBeNull();
    expect(on(text, ['a.example.org.', 'amazon.com.'], 'all')?.logged).toEqual([{ keys: ['.:53'] }]);
  });

  test('only the block that serves the name gets it', () => {
    const text = `${EKS}example.org:53 {\n    forward . 10.0.0.2\n}\n`;
    expect(on(text, ['www.example.org.'], 'all')?.logged).toEqual([{ keys: ['example.org:53'] }]);
    expect(on(text, [], 'all')?.logged).toEqual([{ keys: ['.:53'] }]);
  });
});
