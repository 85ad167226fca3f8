/** One word of a Corefile. `text.slice(start, end)` is what was written; `text` is what CoreDNS makes of it. */
export interface Token {
  /** Without quotes, without `\r`, and without a comment that is glued to it. */
  text: string;
  /** Line on which it starts, from 1. */
  line: number;
  /** Offsets in UTF-16 units into the lexed text; `end` is exclusive and takes in closing quotes and a glued comment. */
  start: number;
  end: number;
  quoted: boolean;
}

/** What ends a word: Go's unicode.IsSpace, which has NEL (U+0085) and lacks the BOM, unlike JavaScript's `\s`. */
const space = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/**
 * Splits a Corefile into words as coredns/caddy's lexer does (caddyfile/lexer.go): quotes only at the start of a word, `#`
 * starts a comment even within a word and then ends at the next whitespace, a quote without an end takes the rest of the file.
 * Linear in the length of the text; what stands between two tokens is whitespace, comments and a BOM.
 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  const reader = { text, at: text.charCodeAt(0) === 0xfeff ? 1 : 0, line: 1 };
  for (let token = next(reader); token !== null; token = next(reader)) tokens.push(token);
  return tokens;
}

interface Reader {
  text: string;
  at: number;
  line: number;
}

function next(reader: Reader): Token | null {
  skipToWord(reader);
  if (reader.at >= reader.text.length) return null;
  return reader.text[reader.at] === '"' ? quotedWord(reader) : bareWord(reader);
}

function skipToWord(reader: Reader): void {
  let comment = false;
  for (; reader.at < reader.text.length; reader.at += 1) {
    const character = reader.text.charAt(reader.at);
    if (character === '\n') {
      reader.line += 1;
      comment = false;
    } else if (character === '#') comment = true;
    else if (!comment && !space.test(character)) return;
  }
}

/** A carriage return does not end a word: `a\rb` is the word `ab`. */
const endsWord = (character: string): boolean => character !== '\r' && space.test(character);

function bareWord(reader: Reader): Token {
  const { text, at: start, line } = reader;
  let at = start;
  let comment = -1;
  for (; at < text.length && !endsWord(text.charAt(at)); at += 1) {
    if (comment < 0 && text[at] === '#') comment = at;
  }
  reader.at = at;
  let end = at;
  while (text[end - 1] === '\r') end -= 1;
  const written = text.slice(start, comment < 0 ? end : comment);
  return { text: written.replaceAll('\r', ''), line, start, end, quoted: false };
}

function quotedWord(reader: Reader): Token | null {
  const { text, at: start, line } = reader;
  const { parts, end, closed } = quotedParts(text, start + 1);
  const word = parts.join('');
  reader.at = end;
  for (let feed = text.indexOf('\n', start); feed !== -1 && feed < end; feed = text.indexOf('\n', feed + 1)) reader.line += 1;
  return closed || word.length > 0 ? { text: word, line, start, end, quoted: true } : null;
}

/** Only `\"` is an escape; a backslash before anything else stays, one before the end of the file is lost. */
function quotedParts(text: string, from: number): { parts: string[]; end: number; closed: boolean } {
  const parts: string[] = [];
  let kept = from;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') return { parts: [...parts, text.slice(kept, at)], end: at + 1, closed: true };
    if (text[at] !== '\\') continue;
    if (text[at + 1] === '"' || at + 1 === text.length) {
      parts.push(text.slice(kept, at));
      kept = at + 1;
    }
    at += 1;
  }
  parts.push(text.slice(kept));
  return { parts, end: text.length, closed: false };
}
