import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MADE, MINUTE, order } from '../changes/orders.ts';
import { UNKNOWN } from './oracle.ts';
import { PLAIN } from './policies.ts';
import { steps, WAYS } from './steps.ts';

/** Tries out many lives, each beside its description in plain words; gives the ways that they went. Throws for one that goes wrong. */
function explore(options: { numRuns: number; seed?: number }): Set<string> {
  const seen = new Set<string>();
  const begin = () => ({
    model: { plain: PLAIN[0]!, now: MADE + MINUTE, known: UNKNOWN },
    real: { change: order(), lines: [], begun: [], last: null, seen },
  });
  const lives = fc.commands(steps, { maxCommands: 60, size: '+2' });
  fc.assert(
    fc.property(lives, (commands) => fc.modelRun(begin, commands)),
    options,
  );
  return seen;
}

describe('the life of an order', () => {
  test('is as the rules say, whatever is clicked, breaks or is asked twice: never done twice, never without the approvals asked then', () => {
    expect(explore({ numRuns: 5_000 }).size).toBeGreaterThan(10);
  });

  test('goes every way that there is, in what is tried out here, and no other', () => {
    const ways = Object.entries(WAYS).flatMap(([from, to]) => to.map((one) => `${from} → ${one}`));
    expect([...explore({ numRuns: 3_000, seed: 1 })].toSorted()).toEqual(ways.toSorted());
  });
});
