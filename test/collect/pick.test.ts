import { describe, expect, test } from '@jest/globals';
import { arr, bool, num, obj, str, strMap, strings } from '../../src/collect/pick.ts';

const pod = JSON.parse(
  '{"a":{"b":"text","n":3,"t":true,"l":["x",1,null],"m":{"k":"v","w":1,"__proto__":"p"}},"k.d/x":"dotted"}',
) as unknown;

describe('pick', () => {
  test('reads what is there', () => {
    expect([str(pod, 'a.b'), num(pod, 'a.n'), bool(pod, 'a.t')]).toEqual(['text', 3, true]);
    expect(arr(pod, 'a.l')).toHaveLength(3);
    expect(strings(pod, 'a.l')).toEqual(['x']);
    expect(Object.keys(strMap(pod, 'a.m'))).toEqual(['k', '__proto__']);
    expect(str(pod, ['k.d/x'])).toBe('dotted');
    expect(str('itself')).toBe('itself');
  });

  test('gives null or nothing for what is not there or of another type', () => {
    expect([str(pod, 'a.n'), num(pod, 'a.b'), bool(pod, 'a.b'), str(pod, 'a.b.c'), str(null, 'a'), num(Number.NaN)]).toEqual(
      Array(6).fill(null),
    );
    expect([arr(pod, 'a.m'), obj(pod, 'a.l'), strMap(undefined, 'x')]).toEqual([[], {}, {}]);
  });

  test('does not follow what every object inherits', () => {
    expect([str(pod, 'constructor.name'), obj(pod, 'toString')]).toEqual([null, {}]);
  });
});
