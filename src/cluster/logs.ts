import { DEFAULT_MAX_BYTES, readLast } from './body.ts';
import { LastBytes } from './bounded-bytes.ts';
import type { LogOptions, TextResult } from './port.ts';
import { redact } from './redact.ts';
import type { Rest } from './rest.ts';

/** Lines shorter than this on average would lose some of their last bytes to `tailLines`; no log that is read here has such. */
const SHORTEST_LINE = 32;

/** The end of a container's log. The API's `limitBytes` cuts the end off, so the stream is read whole and its last bytes are kept. */
export function readLogs(rest: Rest, options: LogOptions): Promise<TextResult> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const path = `/api/v1/namespaces/${encodeURIComponent(options.namespace)}/pods/${encodeURIComponent(options.pod)}/log`;
  return rest.call({ method: 'GET', path, query: logQuery(options, maxBytes), accept: '*/*' }, options, async (answer) => {
    const kept = new LastBytes(maxBytes);
    await readLast(answer.body, kept, (bytes) => (rest.meter.bytes += bytes));
    return { text: redact(kept.text()), truncated: kept.truncated };
  });
}

function logQuery(options: LogOptions, maxBytes: number): Record<string, string> {
  return {
    ...(options.container === undefined ? {} : { container: options.container }),
    ...(options.previous ? { previous: 'true' } : {}),
    ...(options.timestamps ? { timestamps: 'true' } : {}),
    ...(options.sinceSeconds === undefined ? {} : { sinceSeconds: String(Math.max(1, Math.ceil(options.sinceSeconds))) }),
    // Without a bound a kubelet would send gigabytes of which only the last bytes are kept.
    tailLines: String(options.tailLines ?? Math.ceil(maxBytes / SHORTEST_LINE)),
  };
}
