import { join } from 'node:path';
import { z } from 'zod';
import type { KnownCorefile } from '../../remedies/remedy.ts';
import { readWhole, writeWhole } from './whole-file.ts';

const Known = z.array(z.object({ text: z.string(), sha512: z.string(), seenAt: z.number() }));

/** Corefiles are small, and older ones than these are nobody's. */
const MOST = 10;

/** Corefiles of clusters that once worked, by cluster: a file each. */
export interface LocalCorefiles {
  /** Newest first. A file that cannot be read is as good as none. */
  of(cluster: string): Promise<KnownCorefile[]>;
  /** Keeps one; the same text again is known as newly seen. */
  keep(cluster: string, corefile: KnownCorefile): Promise<void>;
}

/** Opens them below a directory. */
export function openCorefiles(directory: string): LocalCorefiles {
  // a context may be named with slashes, as an ARN is
  const pathOf = (cluster: string): string => join(directory, `${encodeURIComponent(cluster).slice(0, 200)}.json`);
  const read = async (cluster: string): Promise<KnownCorefile[]> => {
    const text = await readWhole(pathOf(cluster)).catch(() => null);
    try {
      return text === null ? [] : Known.parse(JSON.parse(text));
    } catch {
      return [];
    }
  };
  return {
    of: read,
    keep: async (cluster, corefile) => {
      const others = (await read(cluster)).filter(({ sha512 }) => sha512 !== corefile.sha512);
      const newest = [corefile, ...others].toSorted((one, other) => other.seenAt - one.seenAt).slice(0, MOST);
      await writeWhole(pathOf(cluster), `${JSON.stringify(newest)}\n`);
    },
  };
}
