import { afterEach, describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/change.ts';
import { placeKey, type PostedMessage, type RunRecord } from '../../../src/domain/run.ts';
import type { ThreadMessage } from '../../../src/report/slack/message.ts';
import type { ThreadBook } from '../../../src/slack/thread/book.ts';
import type { Hand } from '../../../src/slack/thread/hand.ts';
import { createKeeper, type Keeper } from '../../../src/slack/thread/keeper.ts';
import { proposed, RUN } from '../changes/scene.ts';

const message = (slot: string, text: string): ThreadMessage => ({ slot, text, blocks: [], plain: null, broadcast: false });

/** A verdict, and a message for each order and for what is waited for, as the thread of a run has them. */
const messages = ({ changes = [], revision = 0 }: RunRecord): ThreadMessage[] => [
  message('verdict', 'broken'),
  ...changes.flatMap(({ state, steps = [] }, at) => [
    message(`change-${at}`, `${state} ${steps.length}`),
    ...(state === 'requested' ? [message(`change-${at}-wait`, `who? ${revision}`)] : []),
    ...(state === 'done' ? [message(`change-${at}-end`, 'it is done')] : []),
  ]),
];

/** One run in a book in memory, a Slack that takes everything, and a keeper of both. */
function scene(life: Partial<Change> = {}) {
  const record: RunRecord = { ...proposed(life), places: [{ channel: 'C0HERE', thread: '1.0', askers: [] }] };
  const posted: Record<string, PostedMessage> = {};
  const written: string[] = [];
  const settled: number[] = [];
  const clock = { now: Date.now() };
  const opened = new Set([RUN]);
  let listener: (run: string) => void = () => undefined;
  const book: ThreadBook = {
    open: async () => [...opened],
    load: async () => structuredClone(record),
    settle: async (run, revision) => {
      if (revision !== (record.revision ?? 0)) return;
      opened.delete(run);
      settled.push(revision);
    },
    lease: async () => ({ renew: async () => true, release: async () => undefined }),
    posted: async () => ({ ...posted }),
    write: async (_run, place, slot, as) => {
      if (place !== placeKey(record.places[0]!)) throw new Error('another place');
      posted[slot] = as;
    },
    reserve: async () => 0,
    onChange: (heard) => {
      listener = heard;
      return () => undefined;
    },
  };
  let ts = 0;
  const hand: Hand = {
    post: async ({ key }, { text }) => {
      written.push(`+${key.split('/').at(-1)} ${text}`);
      return { kind: 'done', ts: `${(ts += 1)}.0` };
    },
    update: async (_channel, at, { text }) => {
      written.push(`~${at} ${text}`);
      return { kind: 'done', ts: at };
    },
    find: async () => ({ kind: 'absent' }),
  };
  const keeper = createKeeper({
    book,
    hand,
    messages,
    hooks: { onWrite: () => undefined, onInvalid: () => undefined, onMaybeTwice: () => undefined, onTrouble: () => undefined },
    perMinute: { posts: 6_000, edits: 6_000 },
    now: () => clock.now,
    everyMs: 20,
  });
  return {
    keeper,
    written,
    settled,
    clock,
    /** Moves the order, as the store does: it is open again, and all are told. */
    move: (change: Partial<Change> & { steps?: unknown[] }) => {
      Object.assign(record.changes![0]!, change);
      record.revision = (record.revision ?? 0) + 1;
      opened.add(RUN);
      listener(RUN);
    },
  };
}

const until = async (look: () => boolean): Promise<void> => {
  for (const end = Date.now() + 5_000; !look(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() > end) throw new Error('not seen within 5 s');
  }
};

let keeper: Keeper | undefined;
afterEach(() => keeper?.stop());
const started = (life: Partial<Change> = {}) => {
  const made = scene(life);
  keeper = made.keeper;
  made.keeper.start();
  return made;
};

describe('the thread of a run that is over', () => {
  test('is let go when its orders are only proposed, and taken up again when one is moved', async () => {
    const { settled, written, move, keeper: kept } = started();
    await until(() => settled.length === 1);
    expect(written).toEqual(['+verdict broken', '+change-0 proposed 0']);
    move({ state: 'requested' });
    await until(() => written.length === 4);
    expect(written.slice(2)).toEqual(['~2.0 requested 0', '+change-0-wait who? 1']);
    expect([kept.held(), settled]).toEqual([1, [0]]);
    move({ state: 'refused' });
    await until(() => settled.length === 2);
    expect(written.at(-1)).toBe('~2.0 refused 0');
    expect(settled).toEqual([0, 2]);
  });

  test('is kept until an order that ends by itself has ended', async () => {
    const { settled, written, move } = started({ state: 'done', endsAt: Date.now() + 60_000 });
    await until(() => written.includes('+change-0-end it is done'));
    move({ endsAt: null });
    await until(() => settled.length === 1);
    expect(settled).toEqual([1]);
  });

  test('is not let go by a bot that has not seen its last move', async () => {
    const { settled, move, written } = started({ state: 'requested' });
    await until(() => written.length === 3);
    move({ state: 'refused' });
    move({ state: 'expired' });
    await until(() => settled.length > 0);
    expect(settled).toEqual([2]);
    expect(written.at(-1)).toBe('~2.0 expired 0');
  });

  test('edits the message of an order that is being done seldom, and says its end at once', async () => {
    const { clock, written, move } = started({ state: 'approved' });
    await until(() => written.includes('+change-0 approved 0'));
    move({ state: 'running', steps: [1] });
    move({ steps: [1, 2] });
    clock.now += 3_000;
    await until(() => written.includes('~2.0 running 2'));
    expect(written.filter((line) => line.startsWith('~'))).toEqual(['~2.0 running 2']);
    move({ state: 'done', steps: [] });
    await until(() => written.includes('+change-0-end it is done'));
    expect(written.slice(-2)).toEqual(['~2.0 done 0', '+change-0-end it is done']);
  });
});
