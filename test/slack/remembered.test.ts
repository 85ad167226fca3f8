import { expect, test } from '@jest/globals';
import { Remembered } from '../../src/slack/remembered.ts';

test('what is being asked is not asked again, however fresh it is wanted', async () => {
  const remembered = new Remembered<number>({ holdsMs: 10, most: 10 });
  let asked = 0;
  let answer = (_value: number): void => undefined;
  const ask = (): Promise<number> => {
    asked += 1;
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const both = [remembered.get('a', ask), remembered.get('a', ask, true)];
  answer(7);
  expect(await Promise.all(both)).toEqual([7, 7]);
  expect(asked).toBe(1);
});

test('the oldest is forgotten when there are too many', async () => {
  const remembered = new Remembered<string>({ holdsMs: 1_000, most: 2, now: () => 0 });
  const asked: string[] = [];
  const get = (key: string): Promise<string> =>
    remembered.get(key, () => {
      asked.push(key);
      return Promise.resolve(key);
    });
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await get(key);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});

test('a failure that comes late does not take a newer answer away', async () => {
  const remembered = new Remembered<number>({ holdsMs: 1_000, most: 1, now: () => 0 });
  let fail = (_error: Error): void => undefined;
  const failing = remembered.get('a', () => new Promise((_resolve, reject) => (fail = reject)));
  await remembered.get('b', () => Promise.resolve(2));
  await remembered.get('a', () => Promise.resolve(1));
  fail(new Error('late'));
  await expect(failing).rejects.toThrow('late');
  expect(await remembered.get('a', () => Promise.resolve(99))).toBe(1);
});
