import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, SocketModeReceiver } from '@slack/bolt';
import { WebAPIRateLimitedError } from '@slack/web-api';
import { clock, receiverOf, type Way } from './way.ts';

export interface SocketOptions {
  appToken: string;
  apiUrl: string;
  /** Connections at once. While one of them is renewed, Slack uses another. */
  connections: number;
  logger: Logger;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A socket that lived for so long was a good one: the next may be opened at once. */
const GOOD_LIFE_MS = 2_000;
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

/** A socket that is opened again whenever it closes. */
class SteadySocket {
  readonly receiver: SocketModeReceiver;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  /** When it was opened; null: it is not open. Milliseconds of `clock`. */
  #openSince: number | null = null;
  /** The opening that is under way. */
  #opening: Promise<void> | null = null;
  #failures = 0;

  constructor(options: SocketOptions) {
    this.#logger = options.logger;
    this.receiver = receiverFor(options);
    this.receiver.client.on('connected', () => {
      this.#openSince = clock();
    });
    this.receiver.client.on('disconnected', () => this.#closed());
  }

  isOpen(): boolean {
    return this.#openSince !== null;
  }

  /** Opens it once. Rejects when it cannot be opened. */
  open(): Promise<void> {
    return this.#alone(() => this.#openOnce());
  }

  /** Opens it as soon as that is possible, however often it must be tried. */
  keepOpen(): Promise<void> {
    return this.#alone(async () => {
      while (!this.#stopped.signal.aborted) {
        await this.#pause(Math.min(FIRST_PAUSE_MS * (2 ** this.#failures - 1), LONGEST_PAUSE_MS));
        if (await this.#opens()) return;
        this.#failures += 1;
      }
    });
  }

  /** A socket that is being opened is closed when it is open: Slack's client cannot give up in between. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.race([this.#end(), late(CLOSE_MS)]);
  }

  async #end(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    await this.receiver.client.disconnect();
  }

  async #alone(opening: () => Promise<void>): Promise<void> {
    this.#opening = opening();
    try {
      await this.#opening;
    } finally {
      this.#opening = null;
    }
  }

  #closed(): void {
    const life = this.#openSince === null ? 0 : clock() - this.#openSince;
    this.#openSince = null;
    if (this.#opening !== null || this.#stopped.signal.aborted) return;
    this.#failures = life >= GOOD_LIFE_MS ? 0 : this.#failures + 1;
    void this.keepOpen();
  }

  async #openOnce(): Promise<void> {
    const { client } = this.receiver;
    const outcome = await Promise.race([client.start(), late(OPEN_MS)]);
    if (outcome !== 'late') return;
    void client.disconnect();
    throw new Error('no hello from Slack in time');
  }

  async #opens(): Promise<boolean> {
    try {
      if (!this.#stopped.signal.aborted) await this.#openOnce();
      return true;
    } catch (error) {
      this.#logger.warn('a socket to Slack could not be opened:', error ?? 'it closed at once');
      if (error instanceof WebAPIRateLimitedError) await this.#pause(error.retryAfter * 1000);
      return false;
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
  }
}

/** The first socket must open; the others follow as Slack lets them, which may put off a second one for a minute. */
async function openAll([first, ...others]: readonly SteadySocket[]): Promise<void> {
  await first?.open();
  for (const socket of others) void socket.keepOpen();
}

/** Socket Mode: connections that the bot opens itself, so that nothing needs to reach it from outside. */
export function socketWay(options: SocketOptions): Way {
  const sockets = Array.from({ length: options.connections }, () => new SteadySocket(options));
  return {
    receiver: receiverOf(
      (app) => sockets.forEach(({ receiver }) => receiver.init(app)),
      () => openAll(sockets),
      () => Promise.all(sockets.map((socket) => socket.close())),
    ),
    connected: () => sockets.some((socket) => socket.isOpen()),
    port: () => null,
  };
}
