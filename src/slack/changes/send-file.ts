import type { FilesOutcome } from '../../report/slack/replies/files.ts';
import type { Counter } from '../counter.ts';
import { slackError } from '../log.ts';
import type { Contents, FilesFor } from '../sent-file.ts';
import { uploadFile } from '../upload.ts';

/** A file to be sent. `bytes`: what is in it, asked for when its turn comes; null: it is no longer there. */
export interface FileToSend {
  filename: string;
  title: string;
  bytes: () => Promise<Uint8Array | null>;
}

/** Files that are sent together, and what is noted of them. */
export interface Parcel {
  contents: Contents;
  files: readonly FileToSend[];
}

/** Where it goes. `thread`: the ts of the thread's first message; null: into the channel itself. */
export interface Address {
  about: FilesFor;
  channel: string;
  thread: string | null;
}

/** What became of it. `slack`: Slack's word where it refuses. */
export interface Came {
  outcome: FilesOutcome;
  slack: string | null;
}

/** Slack's word where it refuses; other errors are thrown. */
async function orRefused<T>(call: Promise<T>): Promise<T | string> {
  try {
    return await call;
  } catch (error) {
    const said = slackError(error);
    if (said === null) throw error;
    return said;
  }
}

const byWord = (slack: string): Came => ({ outcome: slack === 'missing_scope' ? 'scope' : 'slack', slack });

/**
 * Sends files into a thread, in one message. They are kept in the record (`onFile`) after Slack has the bytes and before anybody sees them, so that
 * nothing is shown that nobody knows of. Memory holds one of them at a time. Throws a `Failure`.
 */
export async function sendFiles({ telling, onFile }: Counter, { contents, files }: Parcel, address: Address): Promise<Came> {
  const handed: { id: string; title: string }[] = [];
  let size = 0;
  for (const { filename, title, bytes: read } of files) {
    const bytes = await read();
    if (bytes === null) return { outcome: 'none', slack: null };
    const file = await orRefused(uploadFile(telling, { filename, bytes }));
    if (typeof file === 'string') return byWord(file);
    handed.push({ id: file.id, title });
    size += bytes.length;
  }
  const [first, ...rest] = handed;
  if (first === undefined) return { outcome: 'none', slack: null };
  await onFile({ ...address.about, ...contents, bytes: size });
  const where = { channel_id: address.channel, ...(address.thread === null ? {} : { thread_ts: address.thread }) };
  const shown = await orRefused(telling.files.completeUploadExternal({ files: [first, ...rest], ...where }));
  return typeof shown === 'string' ? byWord(shown) : { outcome: 'sent', slack: null };
}
