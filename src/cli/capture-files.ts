import { accessSync, closeSync, constants, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../base/failure.ts';
import type { FileSink } from '../remedies/remedy.ts';
import type { ActHooks } from './change-engine.ts';
import type { ChangeOutput } from './change-output.ts';
import { actOf, type Carrying } from './local/carry.ts';
import type { LocalOrder } from './local/order.ts';

/** Makes the folder that captures are to be written to, for its owner alone. Throws a UsageError where that cannot be. */
export function refuseNoFolder(folder: string | undefined): void {
  if (folder === undefined) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    if (!statSync(folder).isDirectory()) throw new Error('it is no folder');
  } catch (error) {
    throw new UsageError(`--write: ${folder} cannot be written (${error instanceof Error ? error.message : String(error)}): name a folder`);
  }
}

function openFile(file: string): FileSink {
  const handle = openSync(file, 'w', 0o600);
  return { write: (chunk) => void writeSync(handle, chunk), close: () => closeSync(handle) };
}

/** Where the files of a capture go, and whether its names are shown: that somebody wants to see them is in the audit before they come. */
export async function captureHooks(
  { write: folder, names }: { write?: string; names?: boolean },
  order: LocalOrder,
  carrying: Pick<Carrying, 'orders' | 'user' | 'now'>,
  { say }: ChangeOutput,
): Promise<Pick<ActHooks, 'keepFile' | 'names'>> {
  const shown = names === true ? ({ names: 'shown' } as const) : {};
  if (folder === undefined && names !== true) return {};
  const { cluster, run, now: at } = actOf(order, carrying);
  const { id, digest, plan } = order.change;
  const actor = { kind: 'terminal', id: carrying.user } as const;
  const details = { folder: folder ?? null, names: names === true };
  await carrying.orders.note({ at, actor, action: 'file-sent', cluster, change: id, remedy: plan.remedy, run, digest, details });
  if (folder === undefined) return shown;
  const keepFile = (name: string): FileSink => {
    const file = join(folder, name);
    say(`writing ${file}`);
    return openFile(file);
  };
  return { ...shown, keepFile };
}
