import type { WebClient } from '@slack/web-api';
import { Failure } from '../base/failure.ts';

/** A file for Slack. `altText`: for those who do not see a picture; at most 1,000 characters of it are kept. */
export interface UploadedFile {
  filename: string;
  bytes: Uint8Array;
  altText?: string;
}

/** Time for an upload, and more for each mebibyte of it. */
const [UPLOAD_MS, MIB_MS] = [15_000, 1_000];
const LONGEST_ALT_TEXT = 1_000;

/**
 * Hands a file to Slack and gives its id. Nobody sees it before `files.completeUploadExternal`. Rejects with the Web API's error where Slack
 * refuses, else with a `Failure`.
 */
export async function uploadFile(client: WebClient, { filename, bytes, altText }: UploadedFile): Promise<{ id: string }> {
  const about = { filename, length: bytes.length, ...(altText === undefined ? {} : { alt_text: altText.slice(0, LONGEST_ALT_TEXT) }) };
  const { upload_url: address, file_id: id } = await client.files.getUploadURLExternal(about);
  if (address === undefined || id === undefined) throw new Failure('error', 'Slack did not say where to put the file');
  const signal = AbortSignal.timeout(UPLOAD_MS + Math.ceil((bytes.length / (1 << 20)) * MIB_MS));
  const answer = await fetch(address, { method: 'POST', body: new Uint8Array(bytes), redirect: 'error', signal });
  if (!answer.ok) throw new Failure('error', 'Slack did not take the file; try again in a moment');
  return { id };
}
