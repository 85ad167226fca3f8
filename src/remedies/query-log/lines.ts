import { insertDirective, removeLines } from '../../formats/corefile/edit.ts';
import { type ParsedCorefile, parseCorefile } from '../../formats/corefile/parser.ts';
import { kubernetesZones, serverFor } from '../../formats/corefile/server-for.ts';

/** Which queries are logged: `denial error` (names that are not there, and failures), or all. */
export const CLASSES = ['denial error', 'all'] as const;
export type Classes = (typeof CLASSES)[number];

/** A server block that we put lines into, by what does not change when others edit the file: its keys. */
export interface Logged {
  keys: string[];
}

const linesOf = (classes: Classes): string[] => (classes === 'all' ? ['log'] : ['log . {', `    class ${classes}`, '}']);

const sameKeys = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, at) => key === other[at]);

const logsAlready = (parsed: ParsedCorefile, at: number): boolean => parsed.servers[at]!.directives.some(({ name }) => name === 'log');

/** Indexes of the blocks that serve these names; without names those that serve the root and the cluster's own zones. */
export function blocksFor(parsed: ParsedCorefile, names: readonly string[]): number[] {
  const asked = names.length > 0 ? names : ['.', ...kubernetesZones(parsed.servers).filter((zone) => !zone.endsWith('.arpa.'))];
  const found = asked.flatMap((name) => {
    const server = serverFor(parsed.servers, name);
    return server === null ? [] : [parsed.servers.indexOf(server)];
  });
  return [...new Set(found)].toSorted((a, b) => a - b);
}

/** The text with query logging in those of these blocks that do not log yet; null: all of them do. */
export function withQueryLog(text: string, blocks: readonly number[], classes: Classes): { text: string; logged: Logged[] } | null {
  const parsed = parseCorefile(text);
  const wanted = blocks.filter((at) => !logsAlready(parsed, at));
  if (wanted.length === 0) return null;
  // from the last to the first: what stands before keeps its place
  const edited = wanted.toSorted((a, b) => b - a).reduce((sofar, at) => insertDirective(sofar, at, linesOf(classes)), text);
  return { text: edited, logged: wanted.map((at) => ({ keys: parsed.servers[at]!.keys })) };
}

/** The lines of our directive in a block, counted from 1; null: it is not there as we wrote it. */
function ownLines(parsed: ParsedCorefile, { keys }: Logged, classes: Classes): { from: number; to: number } | null {
  const block = parsed.blocks?.find((one) => sameKeys(one.keys, keys));
  const wanted = linesOf(classes).join(' ').split(/\s+/).join(' ');
  const own = (block?.stanzas ?? []).filter((stanza) => stanza.map(({ text }) => text).join(' ') === wanted);
  const [stanza, ...more] = own;
  if (stanza === undefined || more.length > 0) return null;
  return { from: stanza[0]!.line, to: stanza.at(-1)!.line };
}

/**
 * A text that somebody else has edited meanwhile, without our lines; null: they are not all there as we wrote them, or share a line with something
 * else, so that nobody could say what to take out. `parsed` anew after each block: lines move.
 */
export function withoutQueryLog(text: string, logged: readonly Logged[], classes: Classes): string | null {
  let left = text;
  for (const block of logged) {
    const parsed = parseCorefile(left);
    const own = parsed.blocks === null ? null : ownLines(parsed, block, classes);
    if (own === null) return null;
    const lines = left.split('\n').slice(own.from - 1, own.to);
    const words = lines.join(' ').replaceAll('\r', ' ').trim().split(/\s+/).join(' ');
    if (words !== linesOf(classes).join(' ').split(/\s+/).join(' ')) return null;
    left = removeLines(left, own.from, own.to);
  }
  return left;
}
