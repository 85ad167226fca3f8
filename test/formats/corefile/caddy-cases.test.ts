import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { corefileSha512 } from '../../../src/formats/corefile/hash.ts';
import { lex } from '../../../src/formats/corefile/lexer.ts';
import { parseCorefile } from '../../../src/formats/corefile/parser.ts';

interface Case {
  input: string;
  tokens: [string, number][];
  error: { line: number; message: string } | null;
  keys: string[][];
  sha512: string | null;
}

/** What coredns/caddy 1.1.4 makes of these texts: recorded from its lexer, its parser and Go's encoding/json. */
const cases = JSON.parse(readFileSync(new URL('caddy-cases.json', import.meta.url), 'utf8')) as Case[];

describe.each(cases.map((item) => [JSON.stringify(item.input).slice(0, 70), item] as const))(
  '%s',
  (_name, { input, tokens, error, keys, sha512 }) => {
    const parsed = parseCorefile(input);

    test('has the words that coredns/caddy finds', () => expect(lex(input).map(({ text, line }) => [text, line])).toEqual(tokens));

    test('is judged as coredns/caddy judges it', () => {
      const fault = parsed.error?.stage === 'parse' ? parsed.error : null;
      expect(fault && { line: fault.line, message: fault.message }).toEqual(error);
      expect(parsed.blocks?.map((block) => block.keys) ?? keys).toEqual(keys);
    });

    test('has the hash that CoreDNS would log', () => expect(corefileSha512(input)).toBe(parsed.opaque.length > 0 ? null : sha512));
  },
);
