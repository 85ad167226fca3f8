/** Something that is done again and again. */
export interface Repeated {
  /** Does it now. */
  now(): void;
  /** It is done no more; resolves when what is being done is over. */
  stop(): Promise<void>;
}

/** Does something every `everyMs`, counted from its end, one at a time. `what` must not reject. */
export function repeat(what: () => Promise<void>, everyMs: number): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let doing: Promise<void> | null = null;
  let asked = false;
  let stopped = false;
  const start = () => {
    clearTimeout(timer);
    if (stopped) return;
    if (doing !== null) {
      asked = true;
      return;
    }
    asked = false;
    doing = what().finally(() => {
      doing = null;
      if (asked) start();
      else if (!stopped) timer = setTimeout(start, everyMs);
    });
  };
  timer = setTimeout(start, everyMs);
  return {
    now: start,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await doing;
    },
  };
}
