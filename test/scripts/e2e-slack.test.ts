import { describe, expect, test } from '@jest/globals';
import { differences, statusIn } from '../../scripts/e2e/slack/complaints.ts';
import { keyOf, repeatedKeys, slotOf } from '../../scripts/e2e/slack/messages.ts';

type Verdict = Parameters<typeof differences>[1]['verdict'];

const verdict = (status: Verdict['status'], causes: string[] = []): { verdict: Verdict } => ({
  verdict: { status, causes, cause: causes[0] ?? null, sentence: '' },
});
const thread = (texts: Record<string, string>) => new Map(Object.entries(texts).map(([slot, text]) => [slot, { text }]));
const keyed = (key: string) => ({ metadata: { event_payload: { key } } });

describe('a thread beside the verdict of the terminal', () => {
  const broken = {
    card: '🔴 DNS broken · cluster-a · a and 1 more',
    verdict: '🔴 DNS broken\nhigh: a: A\nlow: b: B',
    'cause-0': '',
    'cause-1': '',
  };

  test('is right when status and all causes are said', () => {
    expect(differences(thread(broken), verdict('broken', ['a', 'b']))).toEqual([]);
    expect(differences(thread({ card: 'DNS healthy', verdict: 'DNS healthy' }), verdict('healthy'))).toEqual([]);
  });

  test.each([
    ['another status', broken, verdict('degraded', ['a', 'b']), /card says broken, the terminal degraded/],
    [
      'a cause that the verdict leaves out',
      { ...broken, verdict: 'DNS broken: a' },
      verdict('broken', ['a', 'b']),
      /verdict does not name b/,
    ],
    ['a card without its cause', { ...broken, card: 'DNS broken' }, verdict('broken', ['a', 'b']), /card does not name a/],
    ['a cause without a message', broken, verdict('broken', ['a', 'b', 'DNS']), /messages about causes: 2, causes: 3/],
    ['no verdict at all', { card: 'DNS healthy' }, verdict('healthy'), /verdict says null/],
  ] as const)('is wrong with %s', (_, texts, report, complaint) => {
    expect(differences(thread(texts), report).join('; ')).toMatch(complaint);
  });
});

test('a status is read from the words of a card', () => {
  expect(['🟠 DNS degraded · x', '⚪ DNS: could not tell', '🔎 DNS check running'].map(statusIn)).toEqual(['degraded', 'unknown', null]);
});

test('messages that stand twice are found by their keys, those of others are left out', () => {
  expect(repeatedKeys([keyed('r/C/card'), keyed('r/C/plan'), keyed('r/C/card'), { metadata: null }, { metadata: null }])).toEqual([
    'r/C/card',
  ]);
  expect([keyOf({ metadata: null }), slotOf(keyed('r/C/1.2/verdict'))]).toEqual([null, 'verdict']);
});
