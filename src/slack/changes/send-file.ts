import type { Counter } from '../counter.ts';
import { slackError } from '../log.ts';
import type { SentFile } from '../sent-file.ts';
import { uploadFile } from '../upload.ts';

/** A file to be sent, and where to. */
export interface LinesFile {
  about: Omit<SentFile, 'lines' | 'bytes'>;
  lines: readonly string[];
  channel: string;
  /** The ts of the thread's first message; null: into the channel itself. */
  thread: string | null;
}

/** A file for people to read is no larger; the newest lines count. Bytes. */
const LARGEST = 1_000_000;

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/** The newest lines that fit, in plain characters: a log holds what clients of a cluster wrote. */
export function fileOf(lines: readonly string[], most = LARGEST): { bytes: Buffer; lines: number } {
  const kept: string[] = [];
  let size = 0;
  for (const line of lines.toReversed()) {
    const plain = `${line.replace(/[\r\n]+/g, ' ').replace(CONTROL, '')}\n`;
    size += Buffer.byteLength(plain);
    if (size > most) break;
    kept.push(plain);
  }
  return { bytes: Buffer.from(kept.toReversed().join('')), lines: kept.length };
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

/**
 * Sends lines as a text file into a thread. It is kept in the record of files (`onFile`) after Slack has the bytes and before anybody sees them, so
 * that no file is shown that nobody knows of. Gives Slack's word where it refuses, else null. Throws a `Failure`.
 */
export async function sendFile({ telling, onFile }: Counter, { about, lines, channel, thread }: LinesFile): Promise<string | null> {
  const file = fileOf(lines);
  const filename = `query-log-${about.change.slice(0, 10)}.txt`;
  const handed = await orRefused(uploadFile(telling, { filename, bytes: file.bytes }));
  if (typeof handed === 'string') return handed;
  await onFile({ ...about, lines: file.lines, bytes: file.bytes.length });
  const title = `Query log of ${about.cluster}, ${file.lines} lines`;
  const where = { channel_id: channel, ...(thread === null ? {} : { thread_ts: thread }) };
  const shown = await orRefused(telling.files.completeUploadExternal({ files: [{ id: handed.id, title }], ...where }));
  return typeof shown === 'string' ? shown : null;
}
