import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Drawing } from '../../pictures/drawing.ts';
import { toPng } from '../../pictures/png.ts';
import type { Message } from '../../report/slack/message.ts';
import { uploadFile } from '../upload.ts';
import type { Written } from './outcome.ts';

/** What is said when no picture can be shown: text and blocks without it say the same. */
type Said = Pick<Message, 'text' | 'blocks'>;

/** Writes messages whose pictures have to be drawn and uploaded first. */
export interface Album {
  /** Writes the message with its pictures; without them where Slack takes none. */
  write(message: Message, write: (said: Said) => Promise<Written>): Promise<Written>;
}

/** Slack takes a file that it has just got into a message only after it has looked at it: tried so often, this far apart. */
const [TRIES, APART_MS] = [4, 1_500];
/** Uploaded pictures whose ids are remembered: a message that is edited shows the same. */
const MOST_KNOWN = 200;

const fileIn = (block: KnownBlock): string | null =>
  block.type === 'image' && 'slack_file' in block && block.slack_file !== undefined && 'id' in block.slack_file
    ? (block.slack_file.id ?? null)
    : null;

const drawingOf = ({ drawings = {} }: Message, block: KnownBlock): Drawing | null => {
  const id = fileIn(block);
  return id !== null && Object.hasOwn(drawings, id) ? (drawings[id] ?? null) : null;
};

/** The blocks with ids of Slack in place of ours; those whose picture has none are left out. */
const withIds = (message: Message, ids: ReadonlyMap<Drawing, string>): KnownBlock[] =>
  message.blocks.flatMap((block) => {
    const drawing = drawingOf(message, block);
    if (drawing === null) return [block];
    const id = ids.get(drawing);
    return id === undefined ? [] : [{ ...block, slack_file: { id } } as KnownBlock];
  });

/** Opens it over the client that threads are written with. */
export function openAlbum(client: WebClient): Album {
  const known = new Map<string, string>();
  const idOf = async (drawing: Drawing): Promise<string> => {
    const key = createHash('sha256').update(drawing.svg).digest('hex');
    const id = known.get(key) ?? (await uploaded(client, drawing));
    known.delete(key);
    known.set(key, id);
    for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
    return id;
  };
  return {
    write: async (message, write) => {
      const drawings = [...new Set(message.blocks.flatMap((block) => drawingOf(message, block) ?? []))];
      if (drawings.length === 0) return write(message);
      const ids = await Promise.all(drawings.map(async (drawing) => [drawing, await idOf(drawing)] as const)).catch(() => null);
      if (ids !== null) {
        const blocks = withIds(message, new Map(ids));
        for (let tries = 1; ; tries += 1) {
          const written = await write({ text: message.text, blocks });
          if (written.kind !== 'blocks') return written;
          if (tries === TRIES) break;
          await sleep(APART_MS);
        }
      }
      return write({ text: message.text, blocks: withIds(message, new Map()) });
    },
  };
}

async function uploaded(client: WebClient, drawing: Drawing): Promise<string> {
  const { id } = await uploadFile(client, { filename: 'dns.png', bytes: await toPng(drawing), altText: drawing.altText });
  await client.files.completeUploadExternal({ files: [{ id, title: 'dns.png' }] });
  return id;
}
