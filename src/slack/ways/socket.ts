import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, SocketModeReceiver } from '@slack/bolt';
import { clock, receiverOf, type Way } from './way.ts';

export interface SocketOptions {
  appToken: string;
  apiUrl: string;
  /** Connections at once. While one of them is renewed, Slack uses another. */
  connections: number;
  logger: Logger;
}

/** A socket that is opened again whenever it closes. */
interface Steady {
  receiver: SocketModeReceiver;
  isOpen(): boolean;
  /** Opens it and keeps it open. Rejects when it cannot be opened the first time. */
  open(): Promise<void>;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** From asking for an address to Slack's hello. */
const OPEN_MS = 20_000;
/** The peer's part of closing is not waited for longer. */
const CLOSE_MS = 1_000;

const late = (ms: number): Promise<'late'> => sleep(ms, 'late' as const, { ref: false });

/**
 * Slack's own client waits seconds before it connects again, longer each time, and ends the process where it is refused meanwhile. So it is
 * told not to, and the connecting is done here.
 */
const receiverFor = ({ appToken, apiUrl, logger }: SocketOptions): SocketModeReceiver =>
  new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: { slackApiUrl: apiUrl, timeout: 10_000, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    },
    customPropertiesExtractor: () => ({ arrivedAt: clock() }),
  });

class SteadySocket implements Steady {
  readonly receiver: SocketModeReceiver;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  #isOpen = false;
  #isOpening = false;

  constructor(options: SocketOptions) {
    this.#logger = options.logger;
    this.receiver = receiverFor(options);
    this.receiver.client.on('connected', () => {
      this.#isOpen = true;
    });
    this.receiver.client.on('disconnected', () => {
      this.#isOpen = false;
      if (!this.#isOpening) void this.#reopen();
    });
  }

  isOpen(): boolean {
    return this.#isOpen;
  }

  async open(): Promise<void> {
    this.#isOpening = true;
    try {
      await this.#openOnce();
    } finally {
      this.#isOpening = false;
    }
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.race([this.receiver.client.disconnect(), late(CLOSE_MS)]);
  }

  async #openOnce(): Promise<void> {
    const { client } = this.receiver;
    const outcome = await Promise.race([client.start(), late(OPEN_MS)]);
    if (outcome !== 'late' && !this.#stopped.signal.aborted) return;
    void client.disconnect();
    if (outcome === 'late') throw new Error('no hello from Slack in time');
  }

  async #reopen(): Promise<void> {
    this.#isOpening = true;
    for (let failures = 0; !this.#stopped.signal.aborted; failures += 1) {
      await this.#pause(failures);
      try {
        if (!this.#stopped.signal.aborted) await this.#openOnce();
        break;
      } catch (error) {
        this.#logger.warn('a socket to Slack could not be opened:', error ?? 'it closed at once');
      }
    }
    this.#isOpening = false;
  }

  async #pause(failures: number): Promise<void> {
    const ms = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
    await sleep(ms, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
  }
}

/** Socket Mode: connections that the bot opens itself, so that nothing needs to reach it from outside. */
export function socketWay(options: SocketOptions): Way {
  const sockets = Array.from({ length: options.connections }, () => new SteadySocket(options));
  return {
    receiver: receiverOf(
      (app) => sockets.forEach(({ receiver }) => receiver.init(app)),
      () => Promise.all(sockets.map((socket) => socket.open())),
      () => Promise.all(sockets.map((socket) => socket.close())),
    ),
    connected: () => sockets.some((socket) => socket.isOpen()),
    port: () => null,
  };
}
