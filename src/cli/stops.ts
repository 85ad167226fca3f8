/** How somebody ends what goes on: once, and what is begun comes to its end; twice, and all ends now. */
export interface Stops {
  stopping: AbortSignal;
  signal: AbortSignal;
  release: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Hears of Ctrl-C and its like while something is changed. The third time the process ends where it is. `says`: told before each.
 */
export function stops(says: (text: string) => void, once: string): Stops {
  const [gently, now] = [new AbortController(), new AbortController()];
  const onSignal = (): void => {
    if (now.signal.aborted) process.exit(130);
    if (gently.signal.aborted) {
      says('ending now: what is written is kept in the order (again: at once)');
      now.abort(new Error('interrupted'));
      return;
    }
    says(`${once} (again: now)`);
    gently.abort(new Error('interrupted'));
  };
  SIGNALS.forEach((name) => process.on(name, onSignal));
  return { stopping: gently.signal, signal: now.signal, release: () => SIGNALS.forEach((name) => process.off(name, onSignal)) };
}
