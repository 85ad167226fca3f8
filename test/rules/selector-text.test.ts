import { describe, expect, test } from '@jest/globals';
import { selectorText } from '../../src/rules/selector-text.ts';

describe('selectorText', () => {
  test('writes both parts of a selector', () => {
    const matchExpressions = [
      { key: 'c', operator: 'In', values: ['d', 'e'] },
      { key: 'f', operator: 'NotIn', values: ['g'] },
      { key: 'h', operator: 'Exists' },
      { key: 'i', operator: 'DoesNotExist' },
      { key: 'j', operator: 'constructor' },
    ];
    expect(selectorText({ matchLabels: { a: 'b' }, matchExpressions })).toBe('a=b,c in (d,e),f notin (g),h,!i');
    expect(selectorText({})).toBe('');
  });
});
