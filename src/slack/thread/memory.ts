import type { PostedMessage } from '../../domain/run.ts';
import type { ThreadBook } from './book.ts';

/**
 * A book that also remembers what this process wrote: when Redis comes back empty, or was away just when a message had been posted, what stands
 * in Slack is still known and is written down again.
 */
export function rememberingBook(book: ThreadBook): ThreadBook {
  const known = new Map<string, Map<string, Record<string, PostedMessage>>>();
  const of = (run: string, place: string): Record<string, PostedMessage> => {
    const places = known.get(run) ?? new Map<string, Record<string, PostedMessage>>();
    known.set(run, places);
    const slots = places.get(place) ?? {};
    places.set(place, slots);
    return slots;
  };
  const newer = (mine: PostedMessage, theirs: PostedMessage | undefined): boolean =>
    theirs === undefined || mine.at > theirs.at || (mine.at === theirs.at && mine.state === 'posted' && theirs.state === 'posting');
  return {
    ...book,
    posted: async (run, place) => {
      const written = await book.posted(run, place);
      const missing = Object.entries(of(run, place)).filter(([slot, mine]) => newer(mine, written[slot]));
      await Promise.all(missing.map(([slot, mine]) => book.write(run, place, slot, mine)));
      return { ...written, ...Object.fromEntries(missing) };
    },
    write: async (run, place, slot, message) => {
      of(run, place)[slot] = message;
      await book.write(run, place, slot, message);
    },
    settle: async (run) => {
      await book.settle(run);
      known.delete(run);
    },
  };
}
