import type { Channel, Person } from '../domain/access.ts';

/** A file with lines of a query log that is about to be shown to somebody. `bytes`: its size. */
export interface SentFile {
  person: Person;
  channel: Channel;
  cluster: string;
  /** The run whose check proposed the order that the lines come from, and the order. */
  run: string;
  change: string;
  remedy: string;
  digest: string;
  lines: number;
  bytes: number;
}

/** Hears of a file before it is shown. When it rejects, the file is not shown. */
export type OnFile = (file: SentFile) => Promise<void>;
