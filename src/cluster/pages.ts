import { Failure } from '../base/failure.ts';
import type { Json, ListOptions, ListResult } from './port.ts';

const PAGE = 250;
const DEFAULT_LIMIT = 500;

/** Fetches one page; rejects with `Gone` when its `continue` token is too old. */
export type FetchPage = (query: Record<string, string>) => Promise<Json>;

/** The list changed too much since its first page (410). */
export class Gone extends Error {}

/** Gathers the pages of a list up to its limit; starts over once when the API server no longer knows the token of a page. */
export async function gatherPages(fetchPage: FetchPage, options: ListOptions): Promise<ListResult<Json>> {
  for (let start = 0; start < 2; start += 1) {
    try {
      return await gather(fetchPage, options);
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
    }
  }
  throw new Failure('error', 'the list changes faster than it can be read: its pages expired twice (410 Gone)');
}

async function gather(fetchPage: FetchPage, options: ListOptions): Promise<ListResult<Json>> {
  const limit = Math.max(1, options.limit ?? DEFAULT_LIMIT);
  const items: Json[] = [];
  let token = '';
  let remaining: number | null = null;
  do {
    const page = await fetchPage(pageQuery(options, Math.min(PAGE, limit - items.length), token));
    const found = Array.isArray(page['items']) ? (page['items'] as unknown[]) : [];
    const taken = found.slice(0, limit - items.length);
    for (const item of taken) if (typeof item === 'object' && item !== null) items.push(item);
    const next = nextToken(page);
    remaining = numberOrNull(page['metadata']?.['remainingItemCount']);
    if (found.length > taken.length) return { items, complete: false, remaining };
    // The same token again, or a page of nothing with a token, would go on for ever.
    if (next !== '' && (next === token || found.length === 0)) return { items, complete: false, remaining };
    token = next;
  } while (token !== '' && items.length < limit);
  return { items, complete: token === '', remaining: token === '' ? 0 : remaining };
}

function pageQuery({ labelSelector, fieldSelector }: ListOptions, limit: number, token: string): Record<string, string> {
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
    limit: String(limit),
    ...(token === '' ? {} : { continue: token }),
  };
}

function nextToken(page: Json): string {
  const token: unknown = page['metadata']?.['continue'];
  return typeof token === 'string' ? token : '';
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
