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

/** An end that is begun is not stopped half way but by the second Ctrl-C. */
const NEVER = new AbortController().signal;

const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8);

/** How often it is looked whether somebody ended it elsewhere. */
const LOOK_MS = 2_000;

/** Until its time is over, somebody here wants it ended, or somebody elsewhere has ended it; gives which. */
async function over(order: LocalOrder, { carrying: { orders }, output }: Temporary): Promise<'end' | 'person' | 'elsewhere'> {
  const { id, endsAt } = order.change;
  const { stopping, release } = stops(output.say, 'ending it now');
  try {
    for (let left = (endsAt ?? 0) - Date.now(); left > 0; left = (endsAt ?? 0) - Date.now()) {
      await sleep(Math.min(LOOK_MS, left), undefined, { signal: stopping });
      // a file that is gone does not keep it on
      const { change } = await orders.find(id).catch(() => order);
      if (change.endsAt === null || change.state === 'undoing') return 'elsewhere';
    }
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
 * Keeps a temporary change until its time is over, and ends it. One that is left to others is only told about. Null: there is nothing to end here.
 */
export async function ended(order: LocalOrder, how: Temporary): Promise<Carried | null> {
  const { carrying, output, json, detach } = how;
  const { endsAt, id } = order.change;
  if (endsAt === null) return null;
  if (detach) {
    output.say(detached(shortId(id), endsAt));
    return null;
  }
  output.say(`on until ${clock(endsAt)}; Ctrl-C ends it before; dns-medic undo ${shortId(id)} ends it from elsewhere`);
  const by = await over(order, how);
  if (by === 'elsewhere') {
    output.say('it is being ended from elsewhere');
    return null;
  }
  const { hooks, release } = acting(json, output.say, 'it is being ended already');
  try {
    return await carrying.orders.alone(id, (now) => undoOrder(now, by, { ...carrying, ...hooks, stopping: NEVER }));
  } finally {
    release();
  }
}
