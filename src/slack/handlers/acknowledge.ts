import type { Counter } from '../counter.ts';
import { errorFields } from '../log.ts';
import { clock } from '../ways/way.ts';

/** What Bolt hands over with every request, as far as it is needed. `arrivedAt` is put there by the way it came. */
export interface Arrived {
  context: Readonly<Record<string, unknown>>;
}

/** Milliseconds since the request arrived; null when that was not seen. */
export const sinceArrival = ({ context }: Arrived): number | null =>
  typeof context['arrivedAt'] === 'number' ? clock() - context['arrivedAt'] : null;

/**
 * Acknowledges before anything else is done. Where that is no longer possible (the socket has closed meanwhile), the work is done all the
 * same: Slack sends an event again, and then it is known; a command it does not send again. Returns the milliseconds that it took.
 */
export async function acknowledge(counter: Pick<Counter, 'log'>, arrived: Arrived, ack: () => Promise<void>): Promise<number | null> {
  try {
    await ack();
  } catch (error) {
    counter.log.warn(errorFields(error), 'a request could not be acknowledged');
  }
  return sinceArrival(arrived);
}
