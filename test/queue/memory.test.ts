import { describe, expect, test } from '@jest/globals';
import { newest, openMemory } from '../../src/queue/memory.ts';
import type { StoredRun } from '../../src/queue/stored.ts';
import type { PostedMessage } from '../../src/domain/run.ts';

const message = (at: number, state: PostedMessage['state'] = 'posted'): PostedMessage => ({ state, ts: null, hash: `${at}`, at });
const idOf = (index: number): string => index.toString(16).padStart(10, '0');
const run = (index: number, result: string | null = null): StoredRun => ({
  base: JSON.stringify({
    id: idOf(index),
    kind: 'check',
    cluster: 'a',
    request: { cluster: 'a', pod: null, node: null, names: [], quick: false, probePods: true, ephemeral: true, timeoutMs: 1 },
    askedBy: 'U1',
    createdAt: 1,
    expiresAt: 2,
    signed: { order: '', signature: '0'.repeat(64) },
  }),
  progress: '',
  result,
  outcome: null,
  cancel: null,
  asks: [],
  proposals: null,
  lives: {},
  revision: null,
});

describe('the memory of a bot', () => {
  test('holds runs until it forgets them', () => {
    const memory = openMemory();
    memory.remember(run(1));
    memory.wrote(idOf(1), 'C1', 'card', message(1));
    memory.remember({ ...run(1), progress: 'newer' });
    expect(memory.runs()).toEqual([idOf(1)]);
    expect(memory.find(idOf(1))?.run?.progress).toBe('newer');
    expect(memory.posted(idOf(1), 'C1')).toEqual({ card: message(1) });
    memory.forget(idOf(1));
    expect(memory.runs()).toEqual([]);
    expect(memory.posted(idOf(1), 'C1')).toEqual({});
  });

  test('does not hold what cannot be understood', () => {
    const memory = openMemory();
    memory.remember({ ...run(1), base: 'nonsense' });
    expect(memory.runs()).toEqual([]);
  });

  test('is bounded: of many runs the oldest go, and of results sooner', () => {
    const memory = openMemory();
    for (let index = 0; index < 2100; index += 1) memory.remember(run(index, 'a result'));
    expect(memory.runs()).toHaveLength(2000);
    expect(memory.runs()[0]).toBe(idOf(100));
    expect(memory.runs().filter((id) => memory.find(id)?.run?.result !== null)).toHaveLength(32);
    expect(memory.find(idOf(2099))?.run?.result).toBe('a result');
    for (let index = 0; index < 3000; index += 1) memory.wrote(`x${index}`, 'C1', 'card', message(1));
    expect(memory.runs()).toEqual([]);
  });
});

describe('of two messages in a slot', () => {
  test.each([
    ['the later one counts', message(2), message(1), 'ours'],
    ['the later one counts, whoever has it', message(1), message(2), 'theirs'],
    ['of one moment the one that was sent counts', message(1), message(1, 'posting'), 'ours'],
    ['of one moment theirs counts otherwise', message(1), message(1, 'gone'), 'theirs'],
    ['one that was never sent does not outdo', message(0, 'posting'), message(1), 'theirs'],
  ])('%s', (_what, ours, theirs, which) => {
    expect(newest({ card: ours }, { card: theirs })['card']).toBe(which === 'ours' ? ours : theirs);
  });

  test('each slot is for itself', () => {
    expect(newest({ a: message(1) }, { b: message(2) })).toEqual({ a: message(1), b: message(2) });
  });
});
