import type { Redis } from 'ioredis';
import { z } from 'zod';
import { PostedMessage } from '../domain/run.ts';
import type { Keys } from './keys.ts';
import { script } from './script.ts';
import { read } from './read.ts';

/** The messages of a place, by slot. */
export type Messages = Record<string, PostedMessage>;

/** What bots tell each other of a message that was written. */
export const PostedNote = z.object({ run: z.string(), place: z.string(), slot: z.string(), message: PostedMessage });

/** The slot of a run's own card in a channel: its thread is below this message. */
const CARD = 'card';

/** The messages of a run in a place, as Redis has them. One that cannot be understood counts as missing. */
export async function loadPosted(redis: Redis, keys: Keys, run: string, place: string): Promise<Messages> {
  const texts = await redis.hgetall(keys.posted(run, place));
  return Object.fromEntries(
    Object.entries(texts).flatMap(([slot, text]) => {
      const message = read(PostedMessage, text);
      return message === null ? [] : [[slot, message] as const];
    }),
  );
}

/** A message on its way into Redis. */
export interface Writing {
  run: string;
  place: string;
  slot: string;
  message: PostedMessage;
  keepSeconds: number;
}

/** Writes a message, tells the other bots, and lets the thread below a run's card be found by the card. */
export async function writePosted(redis: Redis, keys: Keys, { run, place, slot, message, keepSeconds }: Writing): Promise<void> {
  const key = keys.posted(run, place);
  const writes = redis.pipeline().hset(key, slot, JSON.stringify(message)).expire(key, keepSeconds);
  writes.publish(keys.wrote, JSON.stringify({ run, place, slot, message }));
  if (slot === CARD && message.ts !== null && !place.includes('/')) writes.set(keys.at(`${place}/${message.ts}`), run, 'EX', keepSeconds);
  for (const [error] of (await writes.exec()) ?? []) if (error) throw error;
}

/** A message that is newer than ours stays. */
const WRITE_OLDER = script(`
  for i = 2, #ARGV, 3 do
    local stands = redis.call('HGET', KEYS[1], ARGV[i])
    local known, message = pcall(cjson.decode, stands or '')
    local there = known and type(message) == 'table'
    local at = there and tonumber(message['at']) or 0
    local ours = tonumber(ARGV[i + 1])
    local sent = there and at == ours and message['state'] == 'posting'
    if at < ours or sent then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2]) end
  end
  redis.call('EXPIRE', KEYS[1], ARGV[1])
`);

/** Writes messages back that Redis has lost, where it has no newer ones. */
export async function rewritePosted(redis: Redis, key: string, messages: Messages, keepSeconds: number): Promise<void> {
  const rows = Object.entries(messages).map(([slot, message]) => [slot, message.at, JSON.stringify(message)]);
  if (rows.length > 0) await WRITE_OLDER(redis, [key], [keepSeconds, ...rows.flat()]);
}
