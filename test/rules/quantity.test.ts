import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { cpuMillis, memoryBytes } from '../../src/rules/quantity.ts';

describe('memoryBytes', () => {
  test.each([
    ['170Mi', 178_257_920],
    ['1Gi', 1_073_741_824],
    ['0.5Ki', 512],
    ['128M', 128_000_000],
    ['1k', 1000],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1E', 1e18],
    ['1.5e-1', 1],
    ['128974848000m', 128_974_848],
    ['100', 100],
    ['0', 0],
    ['1.', 1],
    ['.5Mi', 524_288],
    ['+5', 5],
    ['1n', 1],
  ])('%s is %i', (text, expected) => {
    expect(memoryBytes(text)).toBe(expected);
  });

  test.each(['', 'Mi', '1 Mi', '1mi', '1KB', '1K', '-1Mi', '1e999', '1e3Mi', '0x10', 'NaN', '1_000', '9'.repeat(40)])(
    '%p is none',
    (text) => {
      expect(memoryBytes(text)).toBeNull();
    },
  );
});

describe('cpuMillis', () => {
  test.each([
    ['100m', 100],
    ['2', 2000],
    ['0.1', 100],
    ['1.1', 1100],
    ['250000n', 1],
    ['1500u', 2],
    ['0', 0],
  ])('%s is %i', (text, expected) => {
    expect(cpuMillis(text)).toBe(expected);
  });

  test('thousandths come back as written', () => {
    fc.assert(
      fc.property(fc.nat(), (millis) => {
        expect(cpuMillis(`${millis}m`)).toBe(millis);
      }),
    );
  });
});
