import { gunzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { answered } from './answered.ts';
import { BLOCK, type BlockStore, CaptureKeeping, type Listed, type Most } from './capture-keeping.ts';
import { keysOf } from './keys.ts';
import { read } from './read.ts';
import { script } from './script.ts';

/** Hides what is kept from whoever can read Redis: names and addresses of clients are in it. `open` gives null for what was not closed so. */
export interface Cipher {
  close(plain: Uint8Array, about: string): Buffer;
  open(closed: Uint8Array, about: string): Buffer | null;
}

export interface CaptureFilesOptions {
  redis: Redis;
  prefix: string;
  cipher: Cipher;
  /** How long files are kept after the last write. */
  keepMs?: number;
  most?: Most;
  /** Hears why files are not kept. */
  onError?: (error: unknown) => void;
}

/** Files of captures on their way from a worker to a person: only for a while, only so many, and readable to those alone who have the secret. */
export interface CaptureFiles {
  /** Keeps the files of an order's capture; those of an attempt before are forgotten with the first. */
  keep(change: string): CaptureKeeping;
  /** The files that are kept whole; none: they are no longer kept. Rejects with a `Failure` when Redis cannot be reached. */
  list(change: string): Promise<{ name: string; bytes: number }[]>;
  /** One of them, as it was captured; null: it is no longer kept. Rejects with a `Failure` when Redis cannot be reached. */
  read(change: string, name: string): Promise<Buffer | null>;
}

const HOUR_MS = 3_600_000;
/** DNS packs to a ninth or so: `raw` is for what packs better. A point captures 32 MiB at most. */
const MOST: Most = { files: 32, raw: 64 << 20, packed: 4 << 20 };
/** A block that does not pack, closed; and the list. What is larger was not written by us, and is not fetched. */
const LARGEST = BLOCK + 4_096;
const LIST = 'files';

const PUT = script(`
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
`);

const ListText = z
  .array(
    z.object({
      name: z.string().max(300),
      bytes: z.number().int().positive().max(MOST.raw),
      id: z.string().max(40),
      blocks: z.number().int().positive(),
    }),
  )
  .max(MOST.files);

/** Opens them. An hour, and 4 MiB packed for an order, unless said. */
export function openCaptureFiles(options: CaptureFilesOptions): CaptureFiles {
  const { redis, prefix, cipher, keepMs = HOUR_MS, most = MOST, onError = () => undefined } = options;
  const keyOf = (change: string): string => keysOf(prefix).capture(change);
  const about = (change: string, field: string): string => `${change}/${field}`;

  const storeOf = (change: string): BlockStore => {
    const key = keyOf(change);
    const put = (field: string, plain: Uint8Array): Promise<unknown> =>
      answered(redis, () => PUT(redis, [key], [field, cipher.close(plain, about(change, field)), keepMs]));
    return {
      clear: () => answered(redis, () => redis.del(key)),
      put,
      drop: (fields) => answered(redis, () => redis.hdel(key, ...fields)),
      list: (files) => put(LIST, Buffer.from(JSON.stringify(files))),
    };
  };

  const get = (change: string, field: string): Promise<Buffer | null> =>
    answered(redis, async () => {
      const key = keyOf(change);
      if ((await redis.hstrlen(key, field)) > LARGEST) return null;
      const closed = await redis.hgetBuffer(key, field);
      return closed === null ? null : cipher.open(closed, about(change, field));
    });

  const listed = async (change: string): Promise<Listed[]> => {
    const text = await get(change, LIST);
    return text === null ? [] : (read(ListText, text.toString('utf8')) ?? []);
  };

  const unpacked = async (change: string, { id, blocks, bytes }: Listed): Promise<Buffer | null> => {
    const whole = Buffer.alloc(bytes);
    let came = 0;
    for (let at = 0; at < blocks; at += 1) {
      const packed = await get(change, `${id}:${at}`);
      if (packed === null) return null;
      const block = gunzipSync(packed, { maxOutputLength: BLOCK });
      if (came + block.length > bytes) return null;
      whole.set(block, came);
      came += block.length;
    }
    return came === bytes ? whole : null;
  };

  return {
    keep: (change) => new CaptureKeeping(storeOf(change), most, onError),
    list: async (change) => (await listed(change)).map(({ name, bytes }) => ({ name, bytes })),
    read: async (change, name) => {
      const file = (await listed(change)).find((one) => one.name === name);
      return file === undefined ? null : unpacked(change, file);
    },
  };
}
