import { refersToEnvironment } from './environment.ts';
import { Unreadable } from './fault.ts';
import { type Imports, fileImport, unfollowed } from './imports.ts';
import type { Token } from './lexer.ts';
import { TokenCursor } from './token-cursor.ts';

/** A server block as caddy's parser hands it on: words only. */
export interface Block {
  keys: string[];
  keyTokens: Token[];
  /** The `{` that opens it; null for a server without braces. */
  open: Token | null;
  /** Its directives in the order of the text; the first token of each is its name. */
  stanzas: Token[][];
}

export interface Grammar {
  cursor: TokenCursor;
  blocks: Block[];
  imports: Imports;
}

/** The tokens of a Corefile, ready for `readBlocks`. */
export function grammarOf(tokens: readonly Token[]): Grammar {
  return { cursor: new TokenCursor(tokens), blocks: [], imports: { snippets: new Map(), expansions: 0, tokens: 0, opaque: new Set() } };
}

/**
 * Groups the tokens by server block and directive as coredns/caddy does (caddyfile/parse.go), into `grammar.blocks`.
 * On an error the block under way is there too. Throws Unreadable.
 */
export function readBlocks(grammar: Grammar): void {
  while (grammar.cursor.next()) {
    const block: Block = { keys: [], keyTokens: [], open: null, stanzas: [] };
    const ended = readKeys(grammar, block);
    const name = snippetName(block);
    if (!ended && name !== null) defineSnippet(grammar, block, name);
    else if (block.keys.length > 0) grammar.blocks.push(block);
    if (!ended && name === null) readContents(grammar, block);
  }
}

/** Reads the keys of a block; true when the file ends with them. */
function readKeys(grammar: Grammar, block: Block): boolean {
  const { cursor } = grammar;
  let expecting = false;
  for (;;) {
    const word = cursor.text;
    if (word === 'import' && cursor.startsLine) {
      readImport(grammar);
      continue;
    }
    if (word === '{') {
      if (expecting) throw unreadable(cursor, "Expected another address but had '{' - check for extra comma");
      return false;
    }
    if (word !== '') expecting = addKey(grammar, block, word);
    const more = cursor.next();
    if (expecting && !more) throw unreadable(cursor, 'Unexpected EOF');
    if (!more) return true;
    if (!expecting && cursor.startsLine) return false;
  }
}

/** A comma at the end of a key says that another follows, maybe on the next line. */
function addKey({ cursor, imports }: Grammar, block: Block, word: string): boolean {
  const comma = word.endsWith(',');
  block.keys.push(comma ? word.slice(0, -1) : word);
  block.keyTokens.push(cursor.current!);
  if (refersToEnvironment(word)) unfollowed(imports, word);
  return comma;
}

function snippetName({ keys }: Block): string | null {
  const key = keys.length === 1 ? keys[0]! : '';
  return key.startsWith('(') && key.endsWith(')') ? key.slice(1, -1) : null;
}

function defineSnippet({ cursor, imports }: Grammar, block: Block, name: string): void {
  if (imports.snippets.has(name)) throw unreadable(cursor, `redeclaration of previously declared snippet ${name}`);
  const tokens = snippetTokens(cursor);
  if (importsItself(tokens, name)) throw unreadable(cursor, 'maximum snippet import depth (10000) exceeded');
  imports.snippets.set(name, { line: block.keyTokens[0]!.line, tokens });
}

const braces: Readonly<Record<string, number>> = { '{': 1, '}': -1 };

function snippetTokens(cursor: TokenCursor): Token[] {
  if (cursor.text !== '{') throw syntaxError(cursor, '{');
  const tokens: Token[] = [];
  for (let depth = 1; cursor.next();) {
    depth += braces[cursor.text] ?? 0;
    if (depth === 0) return tokens;
    tokens.push(cursor.current!);
  }
  throw syntaxError(cursor, '}');
}

function importsItself(tokens: Token[], name: string): boolean {
  return tokens.some((token, at) => {
    const startsLine = at === 0 || tokens[at - 1]!.line !== token.line;
    return token.text === 'import' && startsLine && tokens[at + 1]?.text === name;
  });
}

function readContents(grammar: Grammar, block: Block): void {
  const { cursor } = grammar;
  if (cursor.text === '{') block.open = cursor.current;
  else cursor.back();
  while (cursor.next() && cursor.text !== '}') {
    if (cursor.text !== 'import') readDirective(grammar, block);
    else {
      readImport(grammar);
      cursor.back();
    }
  }
  if (block.open !== null && cursor.text !== '}') throw syntaxError(cursor, '}');
}

/** A directive goes on to the end of its line, or to the end of the braces that it opens. */
function readDirective(grammar: Grammar, block: Block): void {
  const { cursor, imports } = grammar;
  const stanza = [cursor.current!];
  block.stanzas.push(stanza);
  if (refersToEnvironment(cursor.text)) unfollowed(imports, cursor.text);
  let depth = 0;
  while (cursor.next()) {
    if (cursor.text === '{') depth += 1;
    else if (cursor.startsLine && depth === 0) {
      cursor.back();
      return;
    } else if (cursor.text === '}') depth -= 1;
    else if (cursor.text === 'import' && cursor.startsLine) {
      readImport(grammar);
      cursor.back();
      continue;
    }
    if (depth < 0) throw unreadable(cursor, "Unexpected '}' because no matching opening brace");
    if (refersToEnvironment(cursor.text)) unfollowed(imports, cursor.text);
    stanza.push(cursor.current!);
  }
  if (depth > 0) throw unreadable(cursor, 'Unexpected EOF');
}

/** Puts what an `import` brings in its place; the cursor is then on the first token of that, or of what follows. */
function readImport({ cursor, imports }: Grammar): void {
  if (!cursor.nextOnLine()) throw unreadable(cursor, `Wrong argument count or unexpected line ending after '${cursor.text}'`);
  const name = cursor.text;
  if (name === '') throw unreadable(cursor, 'Import requires a non-empty filepath');
  if (cursor.nextOnLine()) throw unreadable(cursor, 'Import takes only one argument (glob pattern or file)');
  const line = cursor.current!.line;
  cursor.replaceLast(2, imports.snippets.has(name) ? snippetImport(imports, name, line) : fileImport(imports, name, line));
}

/** coredns/caddy's bound on expansions; without one, two snippets that import each other would never end. */
const maxExpansions = 10_000;
/** Ours: more than a real Corefile can need, less than hurts. */
const maxImportedTokens = 200_000;

function snippetImport(imports: Imports, name: string, line: number): readonly Token[] {
  if (imports.expansions >= maxExpansions) throw new Unreadable(line, `maximum snippet import depth (${maxExpansions}) exceeded`);
  const { tokens } = imports.snippets.get(name)!;
  imports.expansions += 1;
  imports.tokens += tokens.length;
  if (imports.tokens <= maxImportedTokens) return tokens;
  return unfollowed(imports, `import ${name} (imports more than ${maxImportedTokens} words)`);
}

const unreadable = (cursor: TokenCursor, message: string): Unreadable => new Unreadable(cursor.current?.line ?? 0, message);
const syntaxError = (cursor: TokenCursor, expected: string): Unreadable =>
  unreadable(cursor, `Syntax error: Unexpected token '${cursor.text}', expecting '${expected}'`);
