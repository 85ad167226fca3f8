import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { matches, parseSelector } from '../../src/rules/label-selector.ts';

const labels = { app: 'web', tier: 'front', empty: '' };
const one = (key: string, operator: string, values?: string[]) => ({
  matchExpressions: [{ key, operator, ...(values ? { values } : {}) }],
});

describe('matches', () => {
  test.each([
    ['an empty selector picks everything', {}, true],
    ['an absent selector picks nothing', undefined, false],
    ['equal labels match', { matchLabels: { app: 'web', tier: 'front' } }, true],
    ['one different label is enough not to match', { matchLabels: { app: 'web', tier: 'back' } }, false],
    ['an absent label does not equal', { matchLabels: { zone: 'a' } }, false],
    ['In finds the value', one('app', 'In', ['api', 'web']), true],
    ['In misses the value', one('app', 'In', ['api']), false],
    ['In of an absent label is false', one('zone', 'In', ['a']), false],
    ['In without values is false', one('app', 'In'), false],
    ['NotIn of another value', one('app', 'NotIn', ['api']), true],
    ['NotIn of this value', one('app', 'NotIn', ['web']), false],
    ['NotIn holds for an absent label', one('zone', 'NotIn', ['a']), true],
    ['Exists holds for an empty value', one('empty', 'Exists'), true],
    ['Exists of an absent label', one('zone', 'Exists'), false],
    ['DoesNotExist of an absent label', one('zone', 'DoesNotExist'), true],
    ['DoesNotExist of a present label', one('app', 'DoesNotExist'), false],
    ['an operator that Kubernetes does not have', one('app', 'Gt', ['1']), false],
    ['labels and expressions must both hold', { matchLabels: { app: 'web' }, ...one('tier', 'NotIn', ['front']) }, false],
    ['keys of Object.prototype are no labels', one('constructor', 'Exists'), false],
  ])('%s', (_, selector, expected) => {
    expect(matches(selector, labels)).toBe(expected);
  });

  test('an object picked by its own labels always matches', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (own) => {
        expect(matches({ matchLabels: own }, own)).toBe(true);
      }),
    );
  });
});

describe('parseSelector', () => {
  test('reads all forms of kubectl', () => {
    expect(parseSelector('a=b, c!=d,e in (x, y),!f,g==h,i notin (j),k')).toEqual({
      matchLabels: { a: 'b', g: 'h' },
      matchExpressions: [
        { key: 'c', operator: 'NotIn', values: ['d'] },
        { key: 'e', operator: 'In', values: ['x', 'y'] },
        { key: 'f', operator: 'DoesNotExist' },
        { key: 'i', operator: 'NotIn', values: ['j'] },
        { key: 'k', operator: 'Exists' },
      ],
    });
  });

  test('reads a prefixed key and an empty value', () => {
    expect(parseSelector('app.kubernetes.io/name=')).toEqual({ matchLabels: { 'app.kubernetes.io/name': '' } });
  });

  test('an empty text selects everything', () => {
    expect(parseSelector(' ')).toEqual({});
  });

  test('a key asked for twice must have both values, so nothing matches', () => {
    const selector = parseSelector('a=b,a=c');
    expect(matches(selector ?? undefined, { a: 'b' })).toBe(false);
    expect(matches(selector ?? undefined, { a: 'c' })).toBe(false);
  });

  test.each(['a=b,', ',', 'a>1', 'a in x', 'a in (x', 'a in (x))', '=b', 'a=b c', '!', 'a'.repeat(5000)])('%p cannot be read', (text) => {
    expect(parseSelector(text)).toBeNull();
  });

  test('never throws, and what it reads can be matched', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const selector = parseSelector(text);
        expect(typeof matches(selector ?? undefined, { a: 'b' })).toBe('boolean');
      }),
    );
  });
});
