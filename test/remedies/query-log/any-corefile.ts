import fc from 'fast-check';

/** Corefiles as people write them: each line end and indentation, comments anywhere, snippets, several blocks, odd ways to open one, no last line end. */
const indent = fc.constantFrom('', ' ', '  ', '    ', '\t', ' \t');
const note = fc.constantFrom('', '', ' # by hand', '\t#x', '  # { log', ' # "quoted', ' # Überprüft 🔧');
const blank = fc.constantFrom<string[]>([], [], [''], ['# a line of its own'], ['   # log . {', '#    class denial error', '# }']);
const plugin = fc.constantFrom(
  ['errors'],
  ['ready'],
  ['health {', '  lameduck 5s', '}'],
  ['kubernetes cluster.local in-addr.arpa ip6.arpa {', '\tpods insecure', '\tfallthrough in-addr.arpa ip6.arpa', '}'],
  ['prometheus :9153'],
  ['forward . /etc/resolv.conf {', '   max_concurrent 1000', '}'],
  ['cache 30'],
  ['loop'],
  ['reload'],
  ['hosts {', '10.9.9.9 "amazon.com"', 'fallthrough', '}'],
  ['import shared'],
);
const lines = fc
  .tuple(indent, fc.uniqueArray(fc.tuple(plugin, note, blank), { minLength: 1, maxLength: 9, selector: ([[first = '']]) => first }))
  .map(([space, plugins]) =>
    plugins.flatMap(([own, comment, around]) => [...around, ...own.map((line, at) => `${space}${line}${at === 0 ? comment : ''}`)]),
  );

const opening = fc.constantFrom<(keys: string, body: string[]) => string[]>(
  (keys, body) => [`${keys} {`, ...body],
  (keys, body) => [`${keys} { # opened`, ...body],
  (keys, body) => [`${keys}   {`, '', ...body],
  (keys, body) => [keys, '{', ...body],
  (keys, [first = '', ...rest]) => [`${keys} { ${first.trimStart()}`, ...rest],
);
const block = (keys: string) => fc.tuple(opening, lines, indent).map(([open, body, space]) => [...open(keys, body), `${space}}`]);

const root = fc.constantFrom('.:53', '.', 'dns://.:53').chain(block);
const more = fc.option(
  fc
    .constantFrom('example.org example.net:53', 'example.org,', 'corp.internal:53')
    .chain((keys) => block(keys.replace(/,$/, ', example.net'))),
);
const tls = fc.option(block('tls://.:853'));
const SHARED = ['(shared) {', '    loadbalance', '}'];

const whole = fc
  .tuple(fc.constantFrom([], ['# the Corefile of cluster-a', '']), root, more, tls)
  .map(([head, ...blocks]) => [...head, ...SHARED, ...blocks.flatMap((one) => (one === null ? [] : ['', ...one]))]);
const braceless = fc.tuple(fc.constantFrom('.', '.:53'), lines).map(([key, body]) => [key, ...body.filter((line) => !/import/.test(line))]);

const joined = (some: fc.Arbitrary<string[]>) =>
  fc
    .tuple(some, fc.constantFrom('\n', '\n', '\r\n'), fc.constantFrom('', '\n', '\n\n'), fc.constantFrom('', '', '\uFEFF'))
    .map(([all, end, last, mark]) => mark + all.join(end) + last.replaceAll('\n', end));

export const anyCorefile = fc.oneof({ weight: 9, arbitrary: joined(whole) }, { weight: 1, arbitrary: joined(braceless) });

/** What somebody else does to a text meanwhile: a line goes, comes, or is another one. */
export const anyEdit = fc
  .tuple(
    fc.nat(),
    fc.constantFrom<(line: string) => string[]>(
      () => [],
      (line) => [line, '    nsid'],
      (line) => ['# seen', line],
      (line) => [`  ${line}`],
      (line) => [`${line} # mine`],
      (line) => [line, line],
      () => ['    log'],
      (line) => [line.replace('30', '60').replace('.:53', '.:1053').replace('denial', 'success')],
      (line) => [line, '}'],
    ),
  )
  .map(([where, change]) => (text: string) => {
    const all = text.split('\n');
    const at = where % all.length;
    return [...all.slice(0, at), ...change(all[at] ?? ''), ...all.slice(at + 1)].join('\n');
  });
