import { setTimeout as sleep } from 'node:timers/promises';

/** What is being done now, so that the end can wait for it. */
export class UnderWay {
  readonly #work = new Set<Promise<void>>();

  /** The same handler, whose calls are waited for. */
  counted<A>(handler: (args: A) => Promise<void>): (args: A) => Promise<void> {
    return async (args) => {
      const work = handler(args);
      this.#work.add(work);
      try {
        await work;
      } finally {
        this.#work.delete(work);
      }
    };
  }

  /** Resolves when all of it is done, or after so many milliseconds. */
  async settled(ms: number): Promise<void> {
    await Promise.race([Promise.allSettled(this.#work), sleep(ms, undefined, { ref: false })]);
  }
}
