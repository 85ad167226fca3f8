import type { Token } from './lexer.ts';

/**
 * The tokens of a Corefile with a place in them, as caddyfile's Dispenser has it, built so that `import` can put tokens in without
 * copying the rest: what was read is a list, what comes is a stack.
 */
export class TokenCursor {
  readonly #read: Token[] = [];
  readonly #coming: Token[];
  /** Behind the last token: after an import that brought nothing at the end of the file. */
  #past = false;

  constructor(tokens: readonly Token[]) {
    this.#coming = tokens.toReversed();
  }

  get current(): Token | null {
    return this.#past ? null : (this.#read.at(-1) ?? null);
  }

  /** Text of the current token, '' where there is none. */
  get text(): string {
    return this.current?.text ?? '';
  }

  /** Goes to the next token; false, and stays, at the end. */
  next(): boolean {
    if (this.#past) return false;
    const token = this.#coming.pop();
    if (token === undefined) return false;
    this.#read.push(token);
    return true;
  }

  /** Goes to the next token if it stands on the same line. */
  nextOnLine(): boolean {
    const token = this.current;
    const following = this.#coming.at(-1);
    if (token === null || following === undefined || lastLine(token) !== following.line) return false;
    return this.next();
  }

  back(): void {
    if (this.#past) this.#past = false;
    else {
      const token = this.#read.pop();
      if (token !== undefined) this.#coming.push(token);
    }
  }

  /** Is the current token on a later line than the one before it? */
  get startsLine(): boolean {
    const [before, token] = this.#read.slice(-2);
    if (this.#past) return false;
    if (before === undefined || token === undefined) return true;
    return lastLine(before) < token.line;
  }

  /** Puts `tokens` in the place of the last `count` read tokens and goes to the first of what comes then. */
  replaceLast(count: number, tokens: readonly Token[]): void {
    this.#read.splice(-count);
    for (let at = tokens.length - 1; at >= 0; at -= 1) this.#coming.push(tokens[at]!);
    this.#past = !this.next();
  }
}

/** Line on which a token ends, as caddy counts it: the line breaks in its text. */
export function lastLine(token: Token): number {
  let line = token.line;
  for (let feed = token.text.indexOf('\n'); feed !== -1; feed = token.text.indexOf('\n', feed + 1)) line += 1;
  return line;
}
