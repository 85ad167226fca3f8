import { z } from 'zod';
import { applyEdits, type Edit, insertDirective, removeLines } from '../../formats/corefile/edit.ts';
import { type ParsedCorefile, parseCorefile } from '../../formats/corefile/parser.ts';
import { kubernetesZones, serverFor } from '../../formats/corefile/server-for.ts';

/** Which queries are logged: `denial error` (names that are not there, and failures), or all. */
export const CLASSES = ['denial error', 'all'] as const;
export type Classes = (typeof CLASSES)[number];

/** A server block that we put lines into, by what does not change when others edit the file: its keys. */
export const Logged = z.object({ keys: z.array(z.string().max(300)).min(1).max(20) });
export type Logged = z.infer<typeof Logged>;

/** Characters that were put into a text at `at`, in the place of others (of white space, or none). `at` is where they stand afterwards. */
export const Inserted = z.object({ at: z.number().int().min(0), text: z.string().max(500), instead: z.string().max(500) });
export type Inserted = z.infer<typeof Inserted>;

const linesOf = (classes: Classes): string[] => (classes === 'all' ? ['log'] : ['log . {', `    class ${classes}`, '}']);
const wordsOf = (classes: Classes): string => linesOf(classes).join(' ').split(/\s+/).join(' ');

type Block = NonNullable<ParsedCorefile['blocks']>[number];
type Stanza = Block['stanzas'][number];

const sameKeys = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, at) => key === other[at]);

const logsAlready = ({ stanzas }: Block): boolean => stanzas.some(([name]) => name?.text === 'log');

/** The port that plain DNS is served on: 53, unless the Corefile has it elsewhere (with a targetPort that fits). */
function servedPort({ servers }: ParsedCorefile): number {
  const zones = servers.flatMap((server) => server.zones).filter(({ transport }) => transport === 'dns');
  return (zones.find(({ zone }) => zone === '.') ?? zones[0])?.port ?? 53;
}

/** Indexes of the blocks that serve these names; without names those that serve the root and the cluster's own zones. */
export function blocksFor(parsed: ParsedCorefile, names: readonly string[]): number[] {
  const asked = names.length > 0 ? names : ['.', ...kubernetesZones(parsed.servers).filter((zone) => !zone.endsWith('.arpa.'))];
  const port = servedPort(parsed);
  const found = asked.flatMap((name) => {
    const server = serverFor(parsed.servers, name, port);
    return server === null ? [] : [parsed.servers.indexOf(server)];
  });
  return [...new Set(found)].toSorted((a, b) => a - b);
}

/** How one text differs from another that is longer in one place. */
function editBetween(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length);
  let [start, behind] = [0, 0];
  while (start < shorter && before[start] === after[start]) start += 1;
  while (behind < shorter - start && before[before.length - 1 - behind] === after[after.length - 1 - behind]) behind += 1;
  return { start, end: before.length - behind, text: after.slice(start, after.length - behind) };
}

/** A text with query logging put in, and what was put in where. */
export interface WithLog {
  text: string;
  logged: Logged[];
  inserted: Inserted[];
}

/** The text with query logging in those of these blocks that do not log yet; null: all of them do. */
export function withQueryLog(text: string, wanted: readonly number[], classes: Classes): WithLog | null {
  const parsed = parseCorefile(text);
  const blocks = wanted.flatMap((at) => (parsed.blocks?.[at] === undefined || logsAlready(parsed.blocks[at]) ? [] : [at]));
  if (blocks.length === 0) return null;
  const edits = blocks.map((at) => editBetween(text, insertDirective(text, at, linesOf(classes), parsed)));
  let moved = 0;
  const inserted = edits
    .toSorted((a, b) => a.start - b.start)
    .map((edit) => {
      const at = edit.start + moved;
      moved += edit.text.length - (edit.end - edit.start);
      return { at, text: edit.text, instead: text.slice(edit.start, edit.end) };
    });
  return { text: applyEdits(text, edits), logged: blocks.map((at) => ({ keys: parsed.blocks![at]!.keys })), inserted };
}

/** The text as it was before, byte for byte; null: it is not the one that these were put into. */
export function asItWas(text: string, inserted: readonly Inserted[]): string | null {
  if (inserted.some(({ at, text: put }) => text.slice(at, at + put.length) !== put)) return null;
  try {
    return applyEdits(
      text,
      inserted.map(({ at, text: put, instead }) => ({ start: at, end: at + put.length, text: instead })),
    );
  } catch {
    return null;
  }
}

const wordsIn = (stanza: Stanza): string => stanza.map(({ text }) => text).join(' ');

/** Our directive in a block that others may have edited. `gone`: they have taken it out; null: it is not as we wrote it, or there twice. */
function ownIn(block: Block, classes: Classes): Stanza | 'gone' | null {
  if (!logsAlready(block)) return 'gone';
  const own = block.stanzas.filter((stanza) => wordsIn(stanza) === wordsOf(classes));
  return own.length === 1 && own[0] !== undefined ? own[0] : null;
}

/** The text without the lines of one directive; null: something else stands on them. */
function withoutStanza(text: string, stanza: Stanza, classes: Classes): string | null {
  const [from, to] = [stanza[0]?.line ?? 0, stanza.at(-1)?.line ?? 0];
  const lines = text.split('\n').slice(from - 1, to);
  const isOurs = lines.join(' ').trim().split(/\s+/).join(' ') === wordsOf(classes);
  return isOurs ? removeLines(text, from, to) : null;
}

/**
 * A text that somebody else has edited meanwhile, without our lines; the same text where they have taken them out. Null: the lines are not as we wrote
 * them, or share a line with something else, so that nobody could say what to take out.
 */
export function withoutQueryLog(text: string, logged: readonly Logged[], classes: Classes): string | null {
  let left = text;
  for (const { keys } of logged) {
    const { blocks, error } = parseCorefile(left);
    if (blocks === null || error !== null) return null;
    const block = blocks.find((one) => sameKeys(one.keys, keys));
    // a block of another name with our lines is this one renamed, or a copy of it
    const others = blocks.filter((one) => !logged.some((known) => sameKeys(one.keys, known.keys)));
    const elsewhere = others.some((one) => one.stanzas.some((stanza) => wordsIn(stanza) === wordsOf(classes)));
    const own = block === undefined ? (elsewhere ? null : 'gone') : ownIn(block, classes);
    if (own === 'gone') continue;
    const without = own === null ? null : withoutStanza(left, own, classes);
    if (without === null) return null;
    left = without;
  }
  return parseCorefile(left).error === null ? left : null;
}
