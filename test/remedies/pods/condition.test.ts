import { expect, test } from '@jest/globals';
import { inOrder } from '../../../src/remedies/pods/condition.ts';
import { livePod } from '../../../src/remedies/pods/live-pod.ts';
import { podJson } from '../plan-world.ts';

const pod = (name: string, index: 0 | 1, ready = true) => livePod(podJson(name, index, { ready }))!;
const fine = { unready: [], silent: [], outdated: [], stale: [], answering: [] };

test('those that do not serve go first, then those that serve badly', () => {
  const pods = [pod('a', 0), pod('b', 1), pod('c', 0), pod('d', 1, false), pod('e', 0)];
  const order = inOrder(pods, { ...fine, unready: ['d'], silent: ['c'], stale: ['b'], outdated: ['e'] });
  expect(order.map(({ name }) => name)).toEqual(['d', 'c', 'b', 'e', 'a']);
});

test('neighbours are on different nodes, as far as they can be', () => {
  const pods = [pod('a', 0), pod('b', 0), pod('c', 1), pod('d', 1)];
  expect(inOrder(pods, fine).map(({ name }) => name)).toEqual(['a', 'c', 'b', 'd']);
});

test('what is no pod is left out', () => {
  expect(livePod({ metadata: { name: 'a' } })).toBeNull();
  expect(livePod(null)).toBeNull();
});
