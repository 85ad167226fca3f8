import type { FileEnd, Seen } from '../seen.ts';
import { CaptureReader, type ReadOptions } from './capture-reader.ts';

/** Reads a capture from beginning to end, or to where it is cut. */
export async function readCapture(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onSeen: (seen: Seen) => void,
  options: ReadOptions = {},
): Promise<FileEnd> {
  const reader = new CaptureReader(onSeen, options);
  for await (const chunk of chunks) {
    reader.push(chunk);
    if (reader.isCut) break;
  }
  return reader.end();
}
