import { Failure } from '../base/failure.ts';
import { DEFAULT_MAX_BYTES, readJson } from './body.ts';
import { startDeadline } from './deadline.ts';
import { gatherPages, Gone } from './pages.ts';
import type { Json, ListOptions, ListResult } from './port.ts';
import { prune } from './prune.ts';
import type { Rest } from './rest.ts';

/** A list, page by page. Its deadline and its bound on bytes are for all pages together. */
export async function listPaged(rest: Rest, path: string, options: ListOptions): Promise<ListResult<Json>> {
  const deadline = startDeadline(options, `GET ${path}`);
  let room = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const count = (size: number) => {
    rest.meter.bytes += size;
    room -= size;
  };
  const fetchPage = async (query: Record<string, string>): Promise<Json> => {
    const call = { signal: deadline.signal, timeoutMs: deadline.remainingMs() };
    try {
      return await rest.call({ method: 'GET', path, query }, call, async (answer) =>
        prune(await readJson(answer, Math.max(0, room), `GET ${path}`, count)),
      );
    } catch (error) {
      if (error instanceof Failure && query['continue'] !== undefined && isGone(error)) throw new Gone();
      throw error;
    }
  };
  try {
    return await gatherPages(fetchPage, options);
  } finally {
    deadline.clear();
  }
}

function isGone(failure: Failure): boolean {
  return failure.message.startsWith('the API server answered 410 ');
}
