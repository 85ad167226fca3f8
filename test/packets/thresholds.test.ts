import { describe, expect, test } from '@jest/globals';
import { isFault, verdictFor } from '../../src/packets/ways/thresholds.ts';

describe('what is a fault', () => {
  test.each([
    [0, 10, false],
    [1, 1, true],
    [1, 2, true],
    [1, 3, false],
    [1, 20, false],
    [2, 20, true],
    [2, 40, true],
    [2, 41, false],
    [3, 41, true],
    [3, 300, true],
    [3, 301, false],
    [100, 10_000, true],
    [99, 10_000, false],
    [0, 0, false],
  ])('%d of %d: %s', (count, of, fault) => {
    expect(isFault(count, of)).toBe(fault);
  });

  test('is named by most of what fails, with its own share; single failures of several kinds add up', () => {
    expect(verdictFor({ 'lost-request': 3, 'lost-reply': 2, 'dns-ok': 5 })).toEqual({ code: 'lost-request', share: 0.3 });
    expect(verdictFor({ 'lost-request': 1, 'lost-reply': 1, 'dns-ok': 18 })).toEqual({ code: 'lost-request', share: 0.05 });
    expect(verdictFor({ 'slow-server': 9, 'lost-request': 2, 'dns-ok': 9 })).toEqual({ code: 'lost-request', share: 0.1 });
    expect(verdictFor({ 'slow-server': 10, 'lost-request': 1, 'dns-ok': 29 })).toEqual({ code: 'slow-server', share: 0.25 });
    expect(verdictFor({ 'lost-request': 1, 'dns-ok': 19 })).toEqual({ code: 'dns-ok', share: 0.95 });
    expect(verdictFor({})).toBeNull();
  });
});
