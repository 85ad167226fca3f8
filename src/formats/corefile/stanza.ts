import type { Directive } from '../../domain/coredns.ts';
import { lastLine } from './token-cursor.ts';
import type { Token } from './lexer.ts';

/**
 * A directive as its plugin reads it: arguments up to the end of the line or `{`, then one option for each line of the block.
 * Options of nested blocks follow the option that opens them. A `{` on the next line opens no block for the plugin: it is
 * then the only option, named `{`. `stanza` must not be empty.
 */
export function directiveOf(stanza: readonly Token[]): Directive {
  const name = stanza[0]!;
  const argsEnd = endOfArgs(stanza, 0);
  return { name: name.text, line: name.line, args: texts(stanza, 1, argsEnd), options: optionsOf(stanza, argsEnd) };
}

function optionsOf(stanza: readonly Token[], opening: number): Directive['options'] {
  const options: Directive['options'] = [];
  const brace = stanza[opening];
  if (brace?.text !== '{') return options;
  if (lastLine(stanza[opening - 1]!) !== brace.line) return [{ name: '{', args: [], line: brace.line }];
  for (let at = opening + 1, depth = 1; at < stanza.length && depth > 0;) {
    const token = stanza[at]!;
    const end = token.text === '{' || token.text === '}' ? at + 1 : endOfArgs(stanza, at);
    if (token.text === '{') depth += 1;
    else if (token.text === '}') depth -= 1;
    else options.push({ name: token.text, args: texts(stanza, at + 1, end), line: token.line });
    at = end;
  }
  return options;
}

function endOfArgs(stanza: readonly Token[], from: number): number {
  let at = from + 1;
  while (at < stanza.length && stanza[at]!.text !== '{' && lastLine(stanza[at - 1]!) === stanza[at]!.line) at += 1;
  return at;
}

const texts = (stanza: readonly Token[], from: number, to: number): string[] => stanza.slice(from, to).map(({ text }) => text);
