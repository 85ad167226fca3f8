import { errorText, type Log } from '../../telemetry/log.ts';

/** A part of a process that can be ended. */
export interface Part {
  name: string;
  stop(): Promise<void>;
}

/** A process that runs until it is told to stop. */
export interface Lifecycle {
  /** Parts are stopped in the reverse order of their start. */
  started(part: Part): void;
  /** Ends all parts, and gives whether all ended well and in time. */
  stop(why: string): Promise<boolean>;
  /** Until a signal came and all parts are stopped; gives the exit status. */
  ended: Promise<number>;
  stopping(): boolean;
}

const spareMs = 5_000;

async function inTime(part: Part, ms: number, log: Log): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    const done = await Promise.race([part.stop().then(() => true), late]);
    if (!done) log.error({ part: part.name }, 'did not stop in time');
    return done;
  } catch (error) {
    log.error({ part: part.name, error: errorText(error) }, 'did not stop well');
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Ends a process in order on SIGTERM or SIGINT: each part has `graceMs` and some spare. A second signal ends it at once. What nobody caught ends
 * it with status 1: the platform starts it again, and everything that matters is durable.
 */
export function lifecycle(log: Log, graceMs: number): Lifecycle {
  const parts: Part[] = [];
  let stopping: Promise<boolean> | null = null;
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  const stopAll = async (): Promise<boolean> => {
    let well = true;
    for (const part of parts.toReversed()) well = (await inTime(part, graceMs + spareMs, log)) && well;
    return well;
  };
  const stop = (why: string): Promise<boolean> => {
    if (stopping === null) log.info({ why }, 'stopping');
    stopping ??= stopAll();
    return stopping;
  };
  const endWith = async (why: string, status: number): Promise<void> => end((await stop(why)) ? status : 1);
  const onSignal = (signal: string): void => {
    if (stopping !== null) process.exit(1);
    void endWith(signal, 0);
  };
  const onCrash = (thrown: unknown): void => {
    log.error({ error: errorText(thrown) }, 'an error that nobody caught: ending');
    void endWith('error', 1);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash);
  return { started: (part) => void parts.push(part), stop, ended, stopping: () => stopping !== null };
}
