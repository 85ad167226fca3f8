/**
 * One thing that goes wrong with calls. `error`: an HTTP status of 500 and nothing done; `throttle`: 429 with Retry-After; `hang`: nothing
 * is done or said for `ms`, then the connection ends; `reset`: the connection ends before anything is done; `lose`: all is done, and the
 * connection ends before the answer.
 */
export interface Fault {
  do: 'error' | 'throttle' | 'hang' | 'reset' | 'lose';
  /** A method, or several: `chat.*`. `response_url` and `upload` are methods here too. Left out: all. */
  method?: string;
  /** So many times; left out: always. */
  times?: number;
  /** From 0 to 1; left out: 1. */
  probability?: number;
  /** Of an `error`. */
  status?: number;
  retryAfterSeconds?: number;
  ms?: number;
}

/** How the look-alike misbehaves. An empty one: not at all. */
export interface Trouble {
  /** Milliseconds before each answer: as many, or between two numbers. */
  latencyMs?: number | [number, number];
  faults?: Fault[];
  /** All sockets are dropped this often, without a word. */
  dropSocketsEveryMs?: number;
  /** So many times more is each envelope or request delivered. */
  duplicates?: number;
  /** To how many of them that happens, from 0 to 1; left out: 1. */
  duplicateProbability?: number;
}

/** Misbehaviour as it is now. */
export interface Troubles {
  set(trouble: Trouble): void;
  latency(): number;
  /** The fault that befalls this call; null: none. */
  fault(method: string): Fault | null;
  /** How many times more to deliver. */
  copies(): number;
  dropSocketsEveryMs(): number | null;
}

export function createTroubles(random: () => number): Troubles {
  let trouble: Trouble = {};
  let left = new Map<Fault, number>();

  function befalls(fault: Fault, method: string): boolean {
    const times = left.get(fault) ?? Number.POSITIVE_INFINITY;
    if (times <= 0 || !covers(fault.method ?? '*', method)) return false;
    if (random() >= (fault.probability ?? 1)) return false;
    left.set(fault, times - 1);
    return true;
  }

  return {
    set(next) {
      trouble = next;
      left = new Map((next.faults ?? []).map((fault) => [fault, fault.times ?? Number.POSITIVE_INFINITY]));
    },
    latency() {
      const { latencyMs = 0 } = trouble;
      if (typeof latencyMs === 'number') return latencyMs;
      return latencyMs[0] + random() * (latencyMs[1] - latencyMs[0]);
    },
    fault: (method) => (trouble.faults ?? []).find((fault) => befalls(fault, method)) ?? null,
    copies: () => (trouble.duplicates !== undefined && random() < (trouble.duplicateProbability ?? 1) ? trouble.duplicates : 0),
    dropSocketsEveryMs: () => trouble.dropSocketsEveryMs ?? null,
  };
}

function covers(pattern: string, method: string): boolean {
  return pattern.endsWith('*') ? method.startsWith(pattern.slice(0, -1)) : pattern === method;
}
