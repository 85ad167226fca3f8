import { open } from 'node:fs/promises';

/** So that a new file, or a new name of one, is still there when the machine loses its power. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
