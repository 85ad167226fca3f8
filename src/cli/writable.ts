import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../base/failure.ts';

/** Refuses a file that cannot be written before a minute is spent on what should go into it. `option`: what it was named by. Throws a UsageError. */
export async function refuseUnwritable(option: string, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const folder = await access(dirname(resolve(file)), constants.W_OK).then(
    () => true,
    () => false,
  );
  const isFile = await stat(file).then(
    (info) => info.isFile(),
    () => true,
  );
  if (!folder || !isFile) throw new UsageError(`${option}: ${file} cannot be written: name a file in a folder that is there`);
}
