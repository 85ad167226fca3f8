import type { ServerBlock } from '../../domain/coredns.ts';
import { type SyntaxFault, Unreadable, faultOf } from './fault.ts';
import { type Block, type Grammar, grammarOf, readBlocks } from './grammar.ts';
import { lex } from './lexer.ts';
import { servedTwice, serversOf } from './servers.ts';

/** A Corefile as CoreDNS understands it. */
export interface ParsedCorefile {
  /** After a syntax error: the blocks before it, and what was read of the one that has it. */
  servers: ServerBlock[];
  /** Snippets, whether imported or not; their directives are in the servers that import them. */
  snippets: { name: string; line: number }[];
  /** The first fault of grammar, of a key, or of a zone that is served twice. Directives and options: `checkDirectives`. */
  error: SyntaxFault | null;
  /** Environment variables and imported files, which cannot be followed from outside the pod. At most 100. */
  opaque: string[];
  /** Words by server block, for the hash and for edits; null when the grammar has a fault. */
  blocks: Block[] | null;
}

/** Reads a Corefile with the grammar of coredns/caddy. Never throws. */
export function parseCorefile(text: string): ParsedCorefile {
  const grammar = grammarOf(lex(text));
  const unreadable = attempt(grammar);
  const { servers, fault } = serversOf(grammar.blocks);
  return {
    servers,
    snippets: Array.from(grammar.imports.snippets, ([name, { line }]) => ({ name, line })),
    error: unreadable ?? fault ?? servedTwice(grammar.blocks),
    opaque: [...grammar.imports.opaque],
    blocks: unreadable === null ? grammar.blocks : null,
  };
}

function attempt(grammar: Grammar): SyntaxFault | null {
  try {
    readBlocks(grammar);
    return null;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...faultOf('syntax', error.line, error.message), stage: 'parse' };
  }
}
