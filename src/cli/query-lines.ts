import { writeFile } from 'node:fs/promises';
import type { ChangeOutput } from './change-output.ts';
import { actOf, type Carrying } from './local/carry.ts';
import type { LocalOrder } from './local/order.ts';

/** Writes the lines of a query log where somebody wants them, for that one alone; that they were given is in the audit. */
export async function saveLines(
  file: string | undefined,
  order: LocalOrder,
  carrying: Pick<Carrying, 'orders' | 'user' | 'now'>,
  { say }: ChangeOutput,
): Promise<void> {
  const { change } = order;
  const lines = change.undoResult?.lines ?? change.result?.lines ?? [];
  if (file === undefined) return;
  if (lines.length === 0) return say('--save-lines: there are no lines of a query log');
  const { cluster, run, now: at } = actOf(order, carrying);
  const actor = { kind: 'terminal', id: carrying.user } as const;
  const { id, digest, plan } = change;
  const details = { lines: lines.length };
  await carrying.orders.note({ at, actor, action: 'file-sent', cluster, change: id, remedy: plan.remedy, run, digest, details });
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  say(`${lines.length} lines are in ${file}`);
}
