import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changeNamed, PURPOSES, reviewFromMetadata, reviewToMetadata } from '../../../src/slack/changes/named.ts';

const RUN = '0a1b2c3d4e';
const CHANGE = '0123456789abcdef0123456789abcdef';
const name = { run: RUN, change: CHANGE };

describe('the value of a button', () => {
  test('names a run and an order', () => {
    expect(changeNamed(`${RUN}.${CHANGE}`)).toEqual(name);
  });

  test.each([
    undefined,
    null,
    7,
    {},
    '',
    RUN,
    CHANGE,
    `${RUN}.`,
    `.${CHANGE}`,
    `${RUN}.${CHANGE}.`,
    `${RUN}.${CHANGE} `,
    ` ${RUN}.${CHANGE}`,
    `${RUN}.${CHANGE}\n`,
    `${RUN}.${CHANGE.toUpperCase()}`,
    `${RUN}.${CHANGE.slice(1)}`,
    `${RUN}0.${CHANGE}`,
    `${RUN}:${CHANGE}`,
    `${RUN}.${CHANGE}.${CHANGE}`,
    `*.${CHANGE}`,
    `../${RUN}.${CHANGE}`,
    `${RUN}.${'0'.repeat(4_000)}`,
  ])('%j names nothing', (value) => {
    expect(changeNamed(value)).toBeNull();
  });
});

describe('what a window carries', () => {
  test.each(PURPOSES.flatMap((purpose) => [null, '1763863384.000100'].map((thread) => ({ purpose, thread }))))(
    'comes back as it was: %j',
    ({ purpose, thread }) => {
      const review = { place: { channel: 'C0HERE', thread }, purpose, ...name };
      expect(reviewFromMetadata(reviewToMetadata(review))).toEqual(review);
    },
  );

  test.each([
    '',
    'C0HERE',
    `C0HERE request`,
    `C0HERE ${RUN}.${CHANGE}`,
    `C0HERE request ${RUN}.${CHANGE} approve`,
    `C0HERE  request ${RUN}.${CHANGE}`,
    `C0HERE run ${RUN}.${CHANGE}`,
    `C0HERE constructor ${RUN}.${CHANGE}`,
    `U0ADA request ${RUN}.${CHANGE}`,
    `C0HERE/1 request ${RUN}.${CHANGE}`,
    `{"channel":"C0HERE"} request ${RUN}.${CHANGE}`,
    `C0HERE request ${RUN}.${CHANGE}${' '.repeat(3_000)}`,
  ])('is nothing where we never wrote it: %j', (metadata) => {
    expect(reviewFromMetadata(metadata)).toBeNull();
  });

  test('is never taken for anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const review = reviewFromMetadata(text);
        expect(review === null || reviewToMetadata(review) === text).toBe(true);
      }),
    );
  });
});
