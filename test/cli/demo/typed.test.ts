import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PROMPT_HELP, readLine } from '../../../src/cli/demo/typed.ts';

describe('a line at the prompt', () => {
  test.each([
    ['check cluster-b', { kind: 'command', command: '/dns', text: 'check cluster-b' }],
    ['/dns check cluster-b', { kind: 'command', command: '/dns', text: 'check cluster-b' }],
    ['/dns', { kind: 'command', command: '/dns', text: '' }],
    ['/other words', { kind: 'command', command: '/other', text: 'words' }],
    ['@dns-medic check cluster-c', { kind: 'mention', text: 'check cluster-c' }],
    ['as ben', { kind: 'as', who: 'ben', what: { kind: 'nothing' } }],
    ['as @cat /dns check cluster-a', { kind: 'as', who: 'cat', what: { kind: 'command', command: '/dns', text: 'check cluster-a' } }],
    ['in #war-room', { kind: 'in', channel: 'war-room' }],
    ['press Cancel', { kind: 'press', label: 'Cancel' }],
    ['thread 12', { kind: 'thread', number: 12 }],
    ['  quit ', { kind: 'quit' }],
    ['   ', { kind: 'nothing' }],
  ])('%j is understood', (line, typed) => {
    expect(readLine(line)).toEqual(typed);
  });

  test('is a slash command when it only begins like one of the prompt', () => {
    for (const line of ['thread of that', 'as', 'press', 'home sweet home', 'history cluster-a', 'toString', 'constructor x'])
      expect(readLine(line)).toEqual({ kind: 'command', command: '/dns', text: line });
  });

  test('is understood whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        expect(typeof readLine(line).kind).toBe('string');
      }),
    );
  });

  test('may be help, which names each of these words', () => {
    expect(readLine('help')).toEqual({ kind: 'help' });
    for (const word of ['check', '/dns', '@dns-medic', 'as ', 'in ', 'press', 'say', 'home', 'threads', 'logs', 'quit'])
      expect(PROMPT_HELP.some((line) => line.startsWith(word))).toBe(true);
  });
});
