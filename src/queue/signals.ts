import type { Redis } from 'ioredis';
import { plainError } from './answered.ts';

/** Ears on channels; some messages may be missed while Redis is away. */
export interface Signals {
  close(): void;
}

/**
 * Hears messages on channels, over a connection of its own that is made again whenever it is lost. It subscribes anew by itself then: what
 * ioredis does for that rejects with nobody to hear it when the connection is closed just at that moment, and would end the process.
 */
export function listen(
  redis: Redis,
  channels: Readonly<Record<string, (message: string) => void>>,
  onError: (error: Error) => void,
): Signals {
  const ears = redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null, commandTimeout: undefined, autoResubscribe: false });
  let closed = false;
  const trouble = (error: unknown) => {
    if (!closed) onError(plainError(error, redis.options.password));
  };
  ears.on('error', trouble);
  ears.on('message', (channel: string, message: string) => channels[channel]?.(message));
  ears.on('ready', () => {
    ears.subscribe(...Object.keys(channels)).catch(trouble);
  });
  return {
    close: () => {
      closed = true;
      ears.disconnect();
    },
  };
}
