import { sha512Hex } from '../../base/sha512.ts';
import type { Block } from './grammar.ts';
import { type ParsedCorefile, parseCorefile } from './parser.ts';

/**
 * The SHA-512 that CoreDNS logs ("Running configuration SHA512 = ...") and exports for this text, in hex: of the JSON that
 * Go makes of caddy's parsed blocks. Comments and indentation do not matter, line numbers do. Null when the grammar has a fault (then
 * CoreDNS computes none) and when it depends on what only the pod knows (environment variables, imported files).
 */
export function corefileSha512(corefile: string | ParsedCorefile): string | null {
  const { blocks, opaque } = typeof corefile === 'string' ? parseCorefile(corefile) : corefile;
  return blocks === null || opaque.length > 0 ? null : sha512Hex(goJson(blocks));
}

/** `File` is empty for words of the Corefile itself, also for those of its snippets. Without a block Go marshals a nil slice. */
function goJson(blocks: readonly Block[]): string {
  if (blocks.length === 0) return 'null';
  return `[${blocks.map((block) => `{"Keys":[${block.keys.map(goString).join()}],"Tokens":{${goTokens(block)}}}`).join()}]`;
}

/** Directives sorted by name; the words of one that stands there twice follow each other. */
function goTokens({ stanzas }: Block): string {
  const byName = new Map<string, string[]>();
  for (const stanza of stanzas) {
    const name = stanza[0]!.text;
    const words = byName.get(name) ?? [];
    for (const { line, text } of stanza) words.push(`{"File":"","Line":${line},"Text":${goString(text)}}`);
    byName.set(name, words);
  }
  const sorted = Array.from(byName).toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return sorted.map(([name, words]) => `${goString(name)}:[${words.join()}]`).join();
}

/** A string as Go's encoding/json writes it, with its HTML escaping. */
function goString(text: string): string {
  const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text.toWellFormed()).replaceAll(/[<>&\u2028\u2029]/g, unicode);
}
