import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { locked } from '../../audit/lock.ts';
import type { AuditLog } from '../../audit/log.ts';
import { Failure, UsageError } from '../../base/failure.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Change, Move, Stays } from '../../domain/change.ts';
import { LocalOrder, shortId } from './order.ts';
import { readWhole, writeWhole } from './whole-file.ts';

/** The orders of this machine, a file each, and the chain of what was done with them. */
export interface LocalOrders {
  /** Keeps a new one. */
  add(order: LocalOrder): Promise<void>;
  /** By its whole id or its first ten digits or more, as it stands. Throws a UsageError where there is none, or more than one. */
  find(id: string): Promise<LocalOrder>;
  /** Moves it as `judge` says, with its line of the audit; `stays`: why it was not moved. */
  move(order: LocalOrder, judge: (change: Change) => Move): Promise<{ order: LocalOrder; stays: Stays | null }>;
  /** A line of the audit that moves nothing. */
  note(entry: AuditEntry): Promise<void>;
  /**
   * Does something with an order, as it stands then, while no other process of this machine does. What a process that died had not written yet
   * is written first.
   */
  alone<T>(id: string, work: (order: LocalOrder) => Promise<T>): Promise<T>;
}

/** So many of the last lines may be of other processes that wrote after the one that died. */
const LOOK_BACK = 200;

const NAME = /^([0-9a-f]{32})\.json$/;

function parsed(path: string, text: string): LocalOrder {
  try {
    return LocalOrder.parse(JSON.parse(text));
  } catch {
    throw new Failure('error', `${path} is no order that this version of dns-medic can read`);
  }
}

/** Whether this entry stands in the chain already. What is asked is whether a process died after it had written it. */
async function isIn(audit: AuditLog, entry: AuditEntry): Promise<boolean> {
  const head = await audit.head();
  const lines = head === null ? [] : await audit.read(Math.max(1, head.seq - LOOK_BACK), LOOK_BACK + 1);
  return lines.some(({ change, action, at }) => change === entry.change && action === entry.action && at === entry.at);
}

/**
 * Opens the orders below a directory. A move is written in three steps: the order with the line that is due, the line, the order without it; so
 * that whenever the process dies, the next one that works on the order writes what is lacking, once.
 */
export function openOrders(directory: string, audit: AuditLog): LocalOrders {
  const pathOf = (id: string): string => join(directory, `${id}.json`);
  const save = (order: LocalOrder): Promise<void> => writeWhole(pathOf(order.change.id), `${JSON.stringify(LocalOrder.parse(order))}\n`);
  const settle = async (order: LocalOrder): Promise<LocalOrder> => {
    if (order.pending === null) return order;
    if (!(await isIn(audit, order.pending))) await audit.append(order.pending);
    const settled = { ...order, pending: null };
    await save(settled);
    return settled;
  };
  const find = async (id: string): Promise<LocalOrder> => {
    const path = pathOf(await wholeId(directory, id));
    return parsed(path, (await readWhole(path)) ?? '');
  };
  return {
    add: save,
    find,
    move: async (order, judge) => {
      const move = judge(order.change);
      if ('not' in move) return { order, stays: move.not };
      const due = { ...order, change: move.to, pending: move.audit };
      await save(due);
      await audit.append(move.audit);
      const moved = { ...due, pending: null };
      await save(moved);
      return { order: moved, stays: null };
    },
    note: async (entry) => {
      await audit.append(entry);
    },
    alone: async (id, work) => {
      const path = `${pathOf(await wholeId(directory, id))}.lock`;
      let began = false;
      const begun = async () => {
        began = true;
        return work(await settle(await find(id)));
      };
      return locked(path, 0, begun).catch((error: unknown) => {
        if (began || !(error instanceof Failure)) throw error;
        throw new Failure('skipped', `another process of this machine works on order ${shortId(id)}; if none does, remove ${path}`);
      });
    },
  };
}

async function wholeId(directory: string, id: string): Promise<string> {
  if (!/^[0-9a-f]{10,32}$/.test(id))
    throw new UsageError(`${JSON.stringify(id.slice(0, 80))} is no order: expected its first ten digits, or all of them`);
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const known = names.flatMap((name) => NAME.exec(name)?.[1] ?? []).filter((whole) => whole.startsWith(id));
  if (known.length > 1) throw new UsageError(`more than one order begins with ${id}: ${known.join(', ')}`);
  if (known[0] === undefined)
    throw new UsageError(`no order ${id} was made on this machine by this user; one that was made in Slack is undone in its thread`);
  return known[0];
}
