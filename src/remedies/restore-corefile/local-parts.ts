import type { Directive } from '../../domain/coredns.ts';
import type { ParsedCorefile } from '../../formats/corefile/parser.ts';

const MOST = 8;
/** What a text may lose without anybody missing it. */
const INCIDENTAL = new Set([
  'log',
  'errors',
  'ready',
  'health',
  'prometheus',
  'loop',
  'reload',
  'loadbalance',
  'cache',
  'debug',
  'pprof',
  'trace',
]);

const clean = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ').slice(0, 80);

/** A directive as it is told from others of its name: `forward corp.example`, `hosts`, `rewrite name a b`. */
function nameOf({ name, args }: Directive): string {
  if (name === 'forward') return `forward ${args[0] ?? '.'}`;
  return ['rewrite', 'template', 'file', 'auto', 'import'].includes(name) ? [name, ...args].join(' ') : name;
}

interface Part {
  name: string;
  line: number;
}

function partsOf({ servers, opaque }: ParsedCorefile): Part[] {
  const isMain = (zones: readonly { zone: string }[]): boolean => zones.length === 0 || zones.some(({ zone }) => zone === '.');
  const blocks = servers
    .filter(({ zones }) => !isMain(zones))
    .map(({ zones, line }) => ({ name: `the server block ${zones.map(({ zone }) => zone).join(' ')}`, line }));
  const directives = servers
    .filter(({ zones }) => isMain(zones))
    .flatMap((server) => server.directives)
    .filter(({ name }) => !INCIDENTAL.has(name))
    .map((directive) => ({ name: nameOf(directive), line: directive.line }));
  return [...blocks, ...directives, ...opaque.map((name) => ({ name, line: 0 }))];
}

/** What stands in one text and not in another, and would be missed: stub domains, hosts, rewrites. Words for people. */
export function lostParts(before: ParsedCorefile, after: ParsedCorefile): string[] {
  const kept = new Set(partsOf(after).map(({ name }) => name));
  const lost = partsOf(before).filter(({ name }) => !kept.has(name));
  const named = lost.slice(0, MOST).map(({ name, line }) => `${clean(name)}${line > 0 ? ` (line ${line})` : ''}`);
  return lost.length > MOST ? [...named, `${lost.length - MOST} more`] : named;
}
