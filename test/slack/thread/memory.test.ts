import { describe, expect, test } from '@jest/globals';
import type { PostedMessage } from '../../../src/domain/run.ts';
import type { ThreadBook } from '../../../src/slack/thread/book.ts';
import { rememberingBook } from '../../../src/slack/thread/memory.ts';

/** A book of plain objects that can be emptied, and refuse to be written. */
function paperBook() {
  const pages = new Map<string, Record<string, PostedMessage>>();
  const state = { away: false };
  const page = (run: string, place: string): Record<string, PostedMessage> => {
    const key = `${run} ${place}`;
    const found = pages.get(key) ?? {};
    pages.set(key, found);
    return found;
  };
  const book: ThreadBook = {
    open: () => Promise.resolve([]),
    load: () => Promise.resolve(null),
    settle: () => Promise.resolve(),
    lease: () => Promise.resolve(null),
    posted: (run, place) => Promise.resolve({ ...page(run, place) }),
    write: (run, place, slot, message) => {
      if (state.away) return Promise.reject(new Error('away'));
      page(run, place)[slot] = message;
      return Promise.resolve();
    },
    reserve: () => Promise.resolve(0),
    onChange: () => () => undefined,
  };
  return { book, pages, state };
}

const at = (when: number, state: PostedMessage['state'], ts: string | null): PostedMessage => ({ state, ts, hash: 'h', at: when });

describe('a book that remembers', () => {
  test('writes down again what an emptied book has lost', async () => {
    const { book, pages } = paperBook();
    const remembering = rememberingBook(book);
    await remembering.write('r', 'C1', 'card', at(1, 'posted', '1.1'));
    pages.clear();
    expect(await remembering.posted('r', 'C1')).toEqual({ card: at(1, 'posted', '1.1') });
    expect(pages.get('r C1')).toEqual({ card: at(1, 'posted', '1.1') });
  });

  test('knows that a message was posted though the book could not be told', async () => {
    const { book, state } = paperBook();
    const remembering = rememberingBook(book);
    await remembering.write('r', 'C1', 'card', at(1, 'posting', null));
    state.away = true;
    await expect(remembering.write('r', 'C1', 'card', at(1, 'posted', '1.1'))).rejects.toThrow('away');
    state.away = false;
    expect(await remembering.posted('r', 'C1')).toEqual({ card: at(1, 'posted', '1.1') });
  });

  test('takes what another bot wrote later', async () => {
    const { book } = paperBook();
    const remembering = rememberingBook(book);
    await remembering.write('r', 'C1', 'card', at(1, 'posted', '1.1'));
    await book.write('r', 'C1', 'card', at(2, 'gone', null));
    expect(await remembering.posted('r', 'C1')).toEqual({ card: at(2, 'gone', null) });
  });
});
