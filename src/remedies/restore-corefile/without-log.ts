import { type Edit, applyEdits } from '../../formats/corefile/edit.ts';
import type { Token } from '../../formats/corefile/lexer.ts';
import { parseCorefile } from '../../formats/corefile/parser.ts';

/** From the beginning of its line to the end of its last, where nothing else stands on these lines; else just its words. */
function editFor(text: string, first: Token, last: Token): Edit {
  const from = text.lastIndexOf('\n', first.start - 1) + 1;
  const feed = text.indexOf('\n', last.end);
  const to = feed === -1 ? text.length : feed + 1;
  const isAlone = text.slice(from, first.start).trim() === '' && /^\s*(#.*)?$/.test(text.slice(last.end, to).trimEnd());
  return isAlone ? { start: from, end: to, text: '' } : { start: first.start, end: last.end, text: '' };
}

/**
 * The text without its `log` directives; the rest stays byte for byte. Null: it has none, or it cannot be told where they stand. Those of a snippet
 * are in every block that imports it, and are taken out once.
 */
export function withoutLog(text: string): string | null {
  const { blocks } = parseCorefile(text);
  const stanzas = (blocks ?? []).flatMap((block) => block.stanzas).filter(([name]) => name?.text === 'log');
  if (stanzas.length === 0) return null;
  const edits = stanzas.map((stanza) => editFor(text, stanza[0]!, stanza.at(-1)!));
  const once = [...new Map(edits.map((edit) => [edit.start, edit])).values()];
  const left = applyEdits(text, once);
  const parsed = parseCorefile(left);
  const isGone = parsed.servers.every(({ directives }) => directives.every(({ name }) => name !== 'log'));
  return isGone && parsed.error === null ? left : null;
}
