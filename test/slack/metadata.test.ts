import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { placeFromMetadata, placeToMetadata } from '../../src/slack/metadata.ts';
import { isTimely } from '../../src/slack/ways/http.ts';

test('a place comes back as it went', () => {
  for (const place of [
    { channel: 'C0HERE', thread: null },
    { channel: 'D0ADA', thread: '1790000000.123456' },
  ])
    expect(placeFromMetadata(placeToMetadata(place))).toEqual(place);
});

test('whatever else comes back is no place, or the very place that it says', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[CGD][A-Z0-9]{1,4}\/?[0-9.]{0,5}$/)), (metadata) => {
      const place = placeFromMetadata(metadata);
      expect(place === null ? metadata : placeToMetadata(place)).toBe(metadata);
    }),
  );
});

test.each([
  [undefined, true],
  ['1000', true],
  ['700', true],
  ['1300', true],
  ['699', false],
  ['1301', false],
  ['', false],
  ['soon', false],
  ['1e400', false],
])('a request of %s at 1000 is timely: %s', (timestamp, timely) => {
  expect(isTimely(timestamp, 1_000_000)).toBe(timely);
});
