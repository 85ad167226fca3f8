import { setTimeout as sleep } from 'node:timers/promises';
import { type Acting, acting } from './acting.ts';
import type { ChangeOutput } from './change-output.ts';
import { type Carried, type Carrying, undoOrder } from './local/carry.ts';
import { type LocalOrder, shortId } from './local/order.ts';
import { stops } from './stops.ts';

/** What waiting for the end of a temporary change works with. */
export interface Temporary {
  carrying: Omit<Carrying, keyof Acting['hooks']>;
  output: ChangeOutput;
  json: boolean;
  /** Somebody else is to end it. */
  detach: boolean;
}

const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8);

/** Until its time is over, or somebody wants it ended; gives which. */
async function over(endsAt: number, say: ChangeOutput['say']): Promise<'end' | 'person'> {
  const { stopping, release } = stops(say, 'ending it now');
  try {
    await sleep(Math.max(0, endsAt - Date.now()), undefined, { signal: stopping });
    return 'end';
  } catch (error) {
    if (stopping.aborted) return 'person';
    throw error;
  } finally {
    release();
  }
}

const detached = (id: string, endsAt: number): string =>
  `it ends at ${clock(endsAt)} if a worker that may change this cluster serves it: the worker finds the time in the cluster; else: dns-medic undo ${id}`;

/**
 * Keeps a temporary change until its time is over, and ends it. One that is left to others is only told about; null: there was nothing to end.
 */
export async function ended({ change, ...rest }: LocalOrder, { carrying, output, json, detach }: Temporary): Promise<Carried | null> {
  const { endsAt, id } = change;
  if (endsAt === null) return null;
  if (detach) {
    output.say(detached(shortId(id), endsAt));
    return null;
  }
  output.say(`on until ${clock(endsAt)}; Ctrl-C ends it before; dns-medic undo ${shortId(id)} ends it from elsewhere`);
  const by = await over(endsAt, output.say);
  const { hooks, release } = acting(json, output.say, 'it is being ended already');
  try {
    return await undoOrder({ change, ...rest }, by, { ...carrying, ...hooks });
  } finally {
    release();
  }
}
