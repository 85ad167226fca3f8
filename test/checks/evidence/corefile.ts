import type { Corefile, Directive } from '../../../src/domain/coredns.ts';
import { minutesAgo } from './base.ts';

export const corefileText = `.:53 {
    errors
    health {
        lameduck 5s
      }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`;

export const directive = (name: string, args: string[] = [], options: [string, ...string[]][] = [], line = 2): Directive => ({
  name,
  line,
  args,
  options: options.map(([option, ...rest]) => ({ name: option, args: rest, line: line + 1 })),
});

/** The directives of the default server block of EKS. */
export const directives = (): Directive[] => [
  directive('errors', [], [], 2),
  directive('health', [], [['lameduck', '5s']], 3),
  directive('ready', [], [], 6),
  directive(
    'kubernetes',
    ['cluster.local', 'in-addr.arpa', 'ip6.arpa'],
    [
      ['pods', 'insecure'],
      ['fallthrough', 'in-addr.arpa', 'ip6.arpa'],
    ],
    7,
  ),
  directive('prometheus', [':9153'], [], 11),
  directive('forward', ['.', '/etc/resolv.conf'], [], 12),
  directive('cache', ['30'], [], 13),
  directive('loop', [], [], 14),
  directive('reload', [], [], 15),
  directive('loadbalance', [], [], 16),
];

/** A server block for one zone on port 53. */
export const server = (zoneName: string, list: Directive[], line = 1): Corefile['servers'][number] => ({
  keys: [`${zoneName}:53`],
  zones: [{ zone: zoneName, port: 53, transport: 'dns' }],
  line,
  directives: list,
});

/** The default directives without some and with others put first: `without('forward')`, `withDirectives(directive('log'))`. */
export const without = (...names: string[]): Directive[] => directives().filter(({ name }) => !names.includes(name));

export const withDirectives = (...more: Directive[]): Directive[] => [...more, ...without(...more.map(({ name }) => name))];

export const corefileSha =
  '8a7d59126e7f114ab49c6d2613be93d8ef7d408af8ee61a710210843dc409f03133727e38f64469d9bb180f396c84ebf48a42bde3b3769730865ca9df5eb281c';

export const corefile = (over: Partial<Corefile> = {}): Corefile => ({
  namespace: 'kube-system',
  configMap: 'coredns',
  key: 'Corefile',
  text: corefileText,
  bytes: corefileText.length,
  resourceVersion: '298',
  changedAt: minutesAgo(60 * 24 * 10),
  managers: ['eks'],
  error: null,
  servers: [server('.', directives())],
  opaque: [],
  sha512: corefileSha,
  ...over,
});

/** A Corefile whose default block has these directives. */
export const corefileWith = (list: Directive[], over: Partial<Corefile> = {}): Corefile =>
  corefile({ servers: [server('.', list)], sha512: null, ...over });
