import type { Channel, Person } from '../domain/access.ts';

/** Who gets files, where, and of which order. */
export interface FilesFor {
  person: Person;
  channel: Channel;
  cluster: string;
  /** The run whose check proposed the order that the files come from, and the order. */
  run: string;
  change: string;
  remedy: string;
  digest: string;
}

/** What is in them: so many lines of a query log, or the files of a capture, by name. */
export type Contents = { lines: number } | { files: readonly string[] };

/** Files that are about to be shown to somebody. `bytes`: their size, all together. */
export type SentFile = FilesFor & Contents & { bytes: number };

/** Hears of files before they are shown. When it rejects, they are not shown. */
export type OnFile = (file: SentFile) => Promise<void>;

/**
 * The files of captures as workers keep them for a while, by the id of the order. It is handed in; every call rejects with a `Failure` when Redis
 * cannot be reached.
 */
export interface Captures {
  /** None: they are no longer kept. */
  list(change: string): Promise<readonly { name: string }[]>;
  /** Null: it is no longer kept. */
  read(change: string, name: string): Promise<Uint8Array | null>;
}

/** Where none were handed in: no files are kept. */
export const noCaptures: Captures = { list: () => Promise.resolve([]), read: () => Promise.resolve(null) };
