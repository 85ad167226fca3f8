import { isObject, parsed } from '../methods/arguments.ts';
import type { Attempt } from '../world/world.ts';

/** Waits for what the app sends back over its sockets. */
export interface Acknowledgements {
  /** Resolves when the envelope is acknowledged, or its time is over. */
  expect(envelope: string, accepts: boolean): Promise<Attempt>;
  /** Something came from the app. */
  heard(data: string): void;
}

interface Needs {
  /** Milliseconds in which it must come. */
  ack: number;
  remark: (words: string) => void;
  later: (ms: number, work: () => void) => void;
}

/** So many are kept to tell a late acknowledgement from a strange one. */
const MOST_OVER = 1_000;

type Outcome = Pick<Attempt, 'ackMs' | 'response' | 'failed'>;

export function createAcknowledgements({ ack, remark, later }: Needs): Acknowledgements {
  const waiting = new Map<string, { accepts: boolean; start: number; finish: (outcome: Outcome) => void }>();
  const over = new Set<string>();

  function close(envelope: string, outcome: Outcome): void {
    waiting.get(envelope)?.finish(outcome);
    waiting.delete(envelope);
    over.add(envelope);
    if (over.size > MOST_OVER) over.delete(over.values().next().value ?? '');
  }

  return {
    expect(envelope, accepts) {
      const attempt = { at: Date.now(), via: 'socket' as const };
      later(ack, () => {
        if (waiting.has(envelope)) close(envelope, { ackMs: null, response: null, failed: 'timeout' });
      });
      return new Promise((resolve) => {
        waiting.set(envelope, { accepts, start: performance.now(), finish: (outcome) => resolve({ ...attempt, ...outcome }) });
      });
    },
    heard(data) {
      const said = parsed(data);
      const envelope = isObject(said) ? said['envelope_id'] : null;
      if (!isObject(said) || typeof envelope !== 'string') return remark('Socket Mode: a message that is no acknowledgement');
      const open = waiting.get(envelope);
      if (open === undefined) return remark(`Socket Mode: an acknowledgement ${over.has(envelope) ? 'too late, or twice' : 'of nothing'}`);
      const payload = isObject(said['payload']) && Object.keys(said['payload']).length > 0 ? said['payload'] : null;
      if (payload !== null && !open.accepts) remark('Socket Mode: an acknowledgement with a payload where none is taken');
      close(envelope, { ackMs: performance.now() - open.start, response: open.accepts ? payload : null, failed: null });
    },
  };
}
