import type { AuditEntry } from '../domain/audit.ts';
import { AuditLine } from '../domain/audit.ts';
import { Failure } from '../base/failure.ts';
import { openVerifier, type AuditHead, type Verified } from './chain.ts';

/** A chain that is kept somewhere. Calls reject with a `Failure`, or the error of the store. */
export interface AuditLog {
  /** Adds a line; resolves when it is kept. */
  append(entry: AuditEntry): Promise<AuditLine>;
  /** The last line's number and hash; null: there is none yet. */
  head(): Promise<AuditHead | null>;
  /** At most `limit` lines from number `fromSeq` on, exactly as they were written. Rejects where one cannot be read. */
  read(fromSeq: number, limit: number): Promise<AuditLine[]>;
  /** Whether the whole chain is as it was written. `known`: a head that was noted elsewhere. */
  verify(known?: AuditHead | null): Promise<Verified>;
}

/** The line that a text holds: as it was read, with whatever else may stand in it. Throws where it is none. */
export function lineIn(text: string): AuditLine {
  const value: unknown = jsonIn(text);
  if (!AuditLine.safeParse(value).success)
    throw new Failure('error', 'a line of the audit cannot be read: dns-medic audit verify says which');
  return value as AuditLine;
}

/** What a text says; undefined: it is no JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const PAGE = 500;

/** Verifies page by page. `page` gives the texts from a place in the chain on, first 0. */
export async function verifyPages(page: (from: number, limit: number) => Promise<string[]>, known: AuditHead | null): Promise<Verified> {
  const verifier = openVerifier(known);
  for (let from = 0; ; from += PAGE) {
    const texts = await page(from, PAGE);
    if (!texts.every((text) => verifier.take(jsonIn(text))) || texts.length < PAGE) return verifier.verified();
  }
}
