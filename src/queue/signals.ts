import type { Redis } from 'ioredis';
import { plainError } from './answered.ts';

/** Ears on channels; some messages may be missed while Redis is away. */
export interface Signals {
  close(): void;
}

/** Hears messages on channels, over a connection of its own that is made again whenever it is lost. */
export function listen(
  redis: Redis,
  channels: Readonly<Record<string, (message: string) => void>>,
  onError: (error: Error) => void,
): Signals {
  const ears = redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null, commandTimeout: undefined });
  const trouble = (error: unknown) => onError(plainError(error, redis.options.password));
  ears.on('error', trouble);
  ears.on('message', (channel: string, message: string) => channels[channel]?.(message));
  let closed = false;
  ears.subscribe(...Object.keys(channels)).catch((error: unknown) => {
    if (!closed) trouble(error);
  });
  return {
    close: () => {
      closed = true;
      ears.disconnect();
    },
  };
}
