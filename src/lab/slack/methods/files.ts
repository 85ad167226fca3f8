import type { Lab } from '../lab.ts';
import { post } from '../world/posting.ts';
import { invalidArguments, Refusal } from '../world/refusal.ts';
import type { Channel, Json, LabFile } from '../world/world.ts';
import { writable } from './access.ts';
import { asText, isObject, needed, structure, text, whole, type Args } from './arguments.ts';
import { threadOf } from './chat-post.ts';
import type { Methods } from './method.ts';

const ALT_TEXT = 1_000;
/** The look-alike holds files in memory. */
export const LARGEST_FILE = 64 * 1024 * 1024;

/** First step: a place to put the bytes. */
function getUploadUrl(lab: Lab, args: Args): Json {
  const name = needed(args, 'filename');
  const size = whole(args, 'length', 0);
  if (size <= 0) throw invalidArguments('must be greater than 0 [json-pointer:/length]');
  if (size > LARGEST_FILE) throw new Refusal('file_upload_size_restricted');
  const altText = text(args, 'alt_txt') ?? text(args, 'alt_text') ?? '';
  if (altText.length > ALT_TEXT) throw new Refusal('alt_txt_too_large');
  const file: LabFile = { id: `F${lab.id(9).toUpperCase()}`, name, title: name, altText, size, bytes: null, ready: false };
  lab.world.files.set(file.id, file);
  return { file_id: file.id, upload_url: `${lab.address()}/upload/v1/${file.id}` };
}

/** Second step: the bytes themselves, all that were announced. What is wrong; null: well received. */
export function receiveFile(lab: Lab, id: string, bytes: Buffer): string | null {
  const file = lab.world.files.get(id);
  if (file === undefined || file.bytes !== null) return 'no such upload';
  if (bytes.length !== file.size) return `${bytes.length} bytes; ${file.size} were announced`;
  file.bytes = bytes;
  return null;
}

/** Third step: the files show in a channel, some moments later. */
function complete(lab: Lab, args: Args): Json {
  const given = structure(args, 'files', 'invalid_arguments');
  if (!Array.isArray(given) || given.length === 0) throw invalidArguments('missing required field: files');
  const files = given.map((each) => announced(lab, each));
  const channels = (text(args, 'channel_id') ?? text(args, 'channels') ?? '').split(',').filter((id) => id !== '');
  const targets = channels.map((channel) => writable(lab, { channel }));
  if (text(args, 'thread_ts') !== null && targets.length !== 1) throw invalidArguments('thread_ts needs exactly one channel');
  const threadTs = targets[0] ? threadOf(targets[0], args) : null;
  lab.later(lab.timing.fileShare, () => {
    for (const file of files) file.ready = true;
    targets.forEach((channel) => share(lab, channel, files, threadTs, text(args, 'initial_comment') ?? ''));
  });
  return { files: files.map(({ id, title, name, size }) => ({ id, title, name, size })) };
}

function announced(lab: Lab, given: unknown): LabFile {
  const file = isObject(given) ? lab.world.files.get(asText(given['id'])) : undefined;
  if (file === undefined || file.bytes === null) throw new Refusal('file_not_found');
  if (isObject(given) && typeof given['title'] === 'string') file.title = given['title'];
  return file;
}

function share(lab: Lab, channel: Channel, files: LabFile[], threadTs: string | null, comment: string): void {
  post(lab.world, channel, { user: lab.world.app.botUser, text: comment, threadTs, files });
}

export const FILES: Methods = {
  'files.getUploadURLExternal': { token: 'bot', scope: 'files:write', run: getUploadUrl },
  'files.completeUploadExternal': { token: 'bot', scope: 'files:write', run: complete },
};
