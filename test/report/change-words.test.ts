import { describe, expect, test } from '@jest/globals';
import { adviceWords, asSentence, beforeAfter, capital, objectLine, span } from '../../src/report/change-words.ts';
import { queryAmount, queryBlocks, searchWords } from '../../src/report/query-words.ts';
import { actResult, plan, sight, summary } from './orders.ts';

describe('words of changes', () => {
  test.each([
    ['the Corefile was changed', 'The Corefile was changed.'],
    ['kube-proxy could not be read', 'kube-proxy could not be read.'],
    ['pod a may not be evicted: why?', 'Pod a may not be evicted: why?'],
    ['', ''],
    ['two\nlines', 'Two lines.'],
  ])('%j is the sentence %j', (text, sentence) => {
    expect(asSentence(text)).toBe(sentence);
  });

  test('a step that ends in a command gets no dot, which would be run too', () => {
    expect(capital('see the pods: kubectl get pods')).toBe('See the pods: kubectl get pods');
  });

  test.each([
    [0, '0 s'],
    [90_000, '90 s'],
    [120_000, '2 min'],
    [150_000, '2 min 30 s'],
    [15 * 60_000, '15 min'],
  ])('%d ms that were set are %s', (ms, words) => {
    expect(span(ms)).toBe(words);
  });

  test('an object is told with how much of it differs', () => {
    const [object] = plan().objects;
    expect(objectLine(object!)).toBe('ConfigMap kube-system/coredns is changed: 1 line added, 1 line taken away');
    expect(objectLine({ ...object!, does: 'create', diff: ['+ a', '+ b'], object: { ...object!.object, namespace: null } })).toBe(
      'ConfigMap coredns is created: 2 lines added',
    );
  });

  test('before and after name a cause that no row tells', () => {
    const worse = sight({ causes: ['corefile-forward-unreachable', 'coredns-no-pods'] });
    expect(beforeAfter(actResult({ after: worse }))).toEqual([
      { what: 'DNS', before: 'broken', after: 'broken (coredns-no-pods)' },
      { what: 'corefile-forward-unreachable', before: 'found', after: 'found' },
    ]);
    expect(beforeAfter(actResult({ before: null, after: null }))).toEqual([]);
  });

  test('undoing is advised only where it did not help and can be undone', () => {
    const advised = (over: Parameters<typeof actResult>[0]): boolean => adviceWords(actResult(over)) !== null;
    expect([
      advised({ proof: 'no-change' }),
      advised({ proof: 'worse' }),
      advised({}),
      advised({ proof: 'no-change', undoable: false }),
    ]).toEqual([true, true, false, false]);
  });
});

describe('words of a query log', () => {
  test('say that nothing was logged, or that more was than was read', () => {
    expect(queryAmount(summary({ lines: 0 }))).toContain('Nothing was logged in 15 min');
    expect(queryAmount(summary({ cut: true, unreadable: 1 }))).toContain('the numbers are of what was read. 1 line could not be read.');
  });

  test('count what has no room, and leave out what is empty', () => {
    const names = Array.from({ length: 20 }, (_, index) => ({ name: `n${index}.`, type: 'A', queries: 5 }));
    const blocks = queryBlocks(summary({ names, slow: [], errors: [] }));
    expect(blocks.map(({ title }) => title)).toEqual(['How they ended', 'Who asks', 'What is asked']);
    expect(blocks[2]?.lines.at(-1)).toBe('   and 12 more');
  });

  test('speak of the search list only where it can be told', () => {
    expect([searchWords(summary({ searchShare: null })), searchWords(summary({ searchShare: 0.001 }))]).toEqual([
      null,
      'under 1 % of them were made by the search list (ndots) alone.',
    ]);
  });
});
