/** A write that is asked for more often than it is done. */
export interface CoalescedWrite {
  /** There is something new to write. */
  changed(): void;
  /** Nothing more is written; resolves when what is being written is. */
  stop(): Promise<void>;
}

/** Writes what is new when it is asked for, one write at a time and at most one in `everyMs`. `write` must not reject. */
export function coalesced(write: () => Promise<void>, everyMs: number): CoalescedWrite {
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;
  let isNew = false;
  let stopped = false;
  let last = -Infinity;
  const plan = () => {
    if (stopped || !isNew || timer !== null || writing !== null) return;
    timer = setTimeout(run, Math.max(0, last + everyMs - performance.now()));
  };
  const run = () => {
    timer = null;
    isNew = false;
    last = performance.now();
    writing = write().finally(() => {
      writing = null;
      plan();
    });
  };
  return {
    changed: () => {
      isNew = true;
      plan();
    },
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await writing;
    },
  };
}
