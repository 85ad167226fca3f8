import type { KnownBlock } from '@slack/types';
import type { Drawing } from '../../pictures/drawing.ts';

/**
 * What a message says. `text` says the whole thing: phones' notifications and screen readers read only that. `plain` says the same as
 * `blocks` with blocks that every client and workspace takes, for when Slack refuses `blocks`; null where they are plain already.
 * `drawings`: the pictures of its image blocks, by what stands there in place of a file's id; whoever sends it draws and uploads them.
 */
export interface Message {
  text: string;
  blocks: KnownBlock[];
  plain: KnownBlock[] | null;
  drawings?: Readonly<Record<string, Drawing>>;
}

/** A message that stands in a thread, by the name of its place there: `card`, `plan`, `cause-0`, `verdict`, ... */
export interface ThreadMessage extends Message {
  slot: string;
  /** Also shown in the channel, where the thread is in one. */
  broadcast: boolean;
}
