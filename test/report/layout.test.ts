import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { columns, cut, cutMiddle, wrap } from '../../src/report/terminal/layout.ts';
import { placeAt } from '../../src/report/terminal/pointer.ts';
import { printable } from '../../src/report/printable.ts';
import { stepLines } from '../../src/report/terminal/command.ts';

describe('layout', () => {
  test('wide and combining characters are counted as a terminal does', () => {
    expect(columns('abc')).toBe(3);
    expect(columns('日本')).toBe(4);
    expect(columns('e\u0301')).toBe(1);
    expect(columns('🚑')).toBe(2);
  });

  test('a text that is cut says so', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cut('abc', 4)).toBe('abc');
    expect(cutMiddle('coredns-758f4459b8-62qt4', 16)).toBe('coredns-…8-62qt4');
  });

  test('wrapped text loses nothing and never overflows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 10, max: 120 }), (text, width) => {
        const said = printable(text);
        const lines = wrap(said, width);
        expect(lines.join('').replaceAll(' ', '')).toBe(said.replaceAll(' ', ''));
        for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('a long command stands on its own, and a shell takes it as one', () => {
    const step = `Put it right: kubectl -n kube-system patch service kube-dns --type=merge -p '{"spec": {"selector": {"k8s-app": "kube-dns"}}}'`;
    expect(stepLines(step, { width: 60, lead: '1. ', paint: (text) => text })).toEqual([
      '1. Put it right:',
      '   kubectl -n kube-system patch service kube-dns \\',
      '     --type=merge \\',
      `     -p '{"spec": {"selector": {"k8s-app": "kube-dns"}}}'`,
    ]);
    expect(stepLines('See: kubectl get pods', { width: 60, lead: '1. ', paint: (text) => text })).toEqual(['1. See: kubectl get pods']);
  });

  test('a pointer is told by the names of what it goes through', () => {
    const data = { items: [{ name: 'coredns-a', 'a/b': { '~': 1 } }] };
    expect(placeAt(data, '/items/0/a~1b/~0')).toEqual({ value: 1, owners: ['coredns-a'], path: 'a/b.~' });
    expect(placeAt(data, '/items/1')).toBeNull();
    expect(placeAt(data, '/constructor')).toBeNull();
    expect(placeAt('text', '')).toEqual({ value: 'text', owners: [], path: '' });
  });
});
