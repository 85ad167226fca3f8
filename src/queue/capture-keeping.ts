import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Failure } from '../base/failure.ts';
import type { CaptureFile } from '../domain/plan.ts';

/** So much of a file is packed and kept at once. Bytes. */
export const BLOCK = 256 * 1024;

/** What is kept of the files of one order at most, all together. Bytes, before and after packing. */
export interface Most {
  files: number;
  raw: number;
  packed: number;
}

/** A file that is kept whole: its blocks stand in the fields `id:0`, `id:1` and so on. */
export interface Listed {
  name: string;
  bytes: number;
  id: string;
  blocks: number;
}

/** Where blocks are kept. Every call may reject. */
export interface BlockStore {
  /** Forgets what an attempt before has left. */
  clear(): Promise<unknown>;
  put(field: string, plain: Uint8Array): Promise<unknown>;
  drop(fields: readonly string[]): Promise<unknown>;
  /** Says which files there are: those that are not named are as if they were not there. */
  list(files: readonly Listed[]): Promise<unknown>;
}

/** A file on its way. `raw`, `packed`: what it takes of the bounds. `why` it is not kept. */
interface Filling extends Listed {
  raw: number;
  packed: number;
  block: Buffer;
  /** Packed blocks that are still to be written, by field. */
  waiting: Map<string, Buffer>;
  filled: number;
  why: string | null;
  isWhole: boolean;
}

const NOT_WHOLE = 'it did not come whole';
/** Whoever waits for the end of a capture waits no longer than this for what is still to be written. */
const WRITING_MS = 20_000;

const mib = (bytes: number): string => `${bytes / (1 << 20)} MiB`;

/**
 * Keeps the files of one capture while they come. Blocks are packed at once, so that memory holds one block and what is not yet written, which the
 * bound holds down. Neither a file that is too large nor a store that fails is an error: `end` says what was not kept, and why.
 */
export class CaptureKeeping {
  readonly #store: BlockStore;
  readonly #most: Most;
  readonly #onError: (error: unknown) => void;
  readonly #attempt = randomBytes(8).toString('hex');
  readonly #files = new Map<string, Filling>();
  readonly #left: Pick<Most, 'raw' | 'packed'>;
  #opened = 0;
  #writes: Promise<void> = Promise.resolve();
  #trouble: string | null = null;

  constructor(store: BlockStore, most: Most, onError: (error: unknown) => void) {
    this.#store = store;
    this.#most = most;
    this.#onError = onError;
    this.#left = { raw: most.raw, packed: most.packed };
  }

  /** Opens a file anew: what came of it before is forgotten. It never throws. */
  file(name: string): { write(chunk: Uint8Array): void; close(whole: boolean): void } {
    if (this.#opened === 0) this.#later(() => this.#store.clear());
    const before = this.#files.get(name);
    if (before !== undefined) this.#leave(before, NOT_WHOLE);
    const id = `${this.#attempt}:${(this.#opened += 1)}`;
    const file: Filling = {
      ...{ name, id, bytes: 0, blocks: 0, raw: 0, packed: 0, filled: 0, why: null, isWhole: false },
      ...{ block: Buffer.alloc(BLOCK), waiting: new Map<string, Buffer>() },
    };
    this.#files.set(name, file);
    if (this.#files.size > this.#most.files) this.#leave(file, `no more than ${this.#most.files} files are kept`);
    return { write: (chunk) => this.#write(file, chunk), close: (whole) => this.#close(file, whole) };
  }

  /** Resolves when all is written that could be, within so many milliseconds. Gives every file that was opened. */
  async end(withinMs: number = WRITING_MS): Promise<CaptureFile[]> {
    const files = [...this.#files.values()];
    for (const file of files) if (!file.isWhole) this.#leave(file, file.why ?? NOT_WHOLE);
    if (files.length > 0) this.#later(() => this.#list(files.filter(({ why }) => why === null)));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#trouble ??= 'Redis is too slow';
        resolve();
      }, withinMs);
    });
    await Promise.race([this.#writes, late]);
    clearTimeout(timer);
    return files.map(({ name, bytes, why }) => ({ name, bytes, why: why ?? this.#trouble }));
  }

  #list(files: readonly Filling[]): Promise<unknown> {
    if (files.length === 0) return this.#store.clear();
    return this.#store.list(files.map(({ name, bytes, id, blocks }) => ({ name, bytes, id, blocks })));
  }

  /** One after the other; after the first that fails nothing more is tried. */
  #later(work: () => Promise<unknown>): void {
    this.#writes = this.#after(this.#writes, work);
  }

  async #after(others: Promise<void>, work: () => Promise<unknown>): Promise<void> {
    await others;
    if (this.#trouble !== null) return;
    try {
      await work();
    } catch (error) {
      this.#trouble = error instanceof Failure ? error.message : 'it could not be written';
      this.#onError(error);
    }
  }

  async #put(file: Filling, field: string): Promise<void> {
    const packed = file.waiting.get(field);
    if (packed !== undefined) await this.#store.put(field, packed);
    file.waiting.delete(field);
  }

  #write(file: Filling, chunk: Uint8Array): void {
    file.bytes += chunk.length;
    if (file.why === null && chunk.length > this.#left.raw) this.#leave(file, `the files are larger than ${mib(this.#most.raw)}`);
    if (file.why !== null || file.isWhole) return;
    file.raw += chunk.length;
    this.#left.raw -= chunk.length;
    let rest = chunk;
    while (rest.length > 0) {
      const part = rest.subarray(0, BLOCK - file.filled);
      file.block.set(part, file.filled);
      file.filled += part.length;
      rest = rest.subarray(part.length);
      if (file.filled === BLOCK && !this.#pack(file)) return;
    }
  }

  /** False where the file became too large by it. */
  #pack(file: Filling): boolean {
    const packed = gzipSync(file.block.subarray(0, file.filled));
    file.filled = 0;
    if (packed.length > this.#left.packed) {
      this.#leave(file, `packed, the files are larger than ${mib(this.#most.packed)}`);
      return false;
    }
    this.#left.packed -= packed.length;
    file.packed += packed.length;
    const field = `${file.id}:${file.blocks}`;
    file.blocks += 1;
    file.waiting.set(field, packed);
    this.#later(() => this.#put(file, field));
    return true;
  }

  #close(file: Filling, whole: boolean): void {
    if (file.why !== null || file.isWhole) return;
    if (file.filled > 0 && !this.#pack(file)) return;
    file.block = Buffer.alloc(0);
    if (whole && file.bytes > 0) file.isWhole = true;
    else this.#leave(file, whole ? 'it is empty' : NOT_WHOLE);
  }

  /** Keeps nothing of a file, so that there is more room for others. */
  #leave(file: Filling, why: string): void {
    file.why = why;
    file.isWhole = false;
    file.block = Buffer.alloc(0);
    file.waiting.clear();
    this.#left.raw += file.raw;
    this.#left.packed += file.packed;
    const fields = Array.from({ length: file.blocks }, (_, at) => `${file.id}:${at}`);
    [file.raw, file.packed, file.blocks] = [0, 0, 0];
    if (fields.length > 0) this.#later(() => this.#store.drop(fields));
  }
}
