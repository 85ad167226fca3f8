import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../base/canonical-json.ts';
import { AuditEntry, AuditLine } from '../domain/audit.ts';

/** The end of a chain: its last line's number, and that line's hash. What somebody has noted of it elsewhere proves that nothing is cut off. */
export const AuditHead = z.object({ seq: z.number().int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type AuditHead = z.infer<typeof AuditHead>;

/** What stands in the first line for the hash of the line before. */
export const NOTHING_BEFORE = '0'.repeat(64);

/** Texts of details are cut to so many characters, and lists to so many texts: a line stays a line. */
const LONGEST_TEXT = 1000;
const LONGEST_LIST = 100;

const StrictLine = z.strictObject({ ...AuditLine.shape, actor: z.strictObject(AuditEntry.shape.actor.shape) });

const hashOf = (line: unknown): string => createHash('sha256').update(canonicalJson(line), 'utf8').digest('hex');

const boundedText = (text: string): string => text.slice(0, LONGEST_TEXT);

function boundedDetails(details: AuditEntry['details']): AuditEntry['details'] {
  const bounded = (value: AuditEntry['details'][string]) => {
    if (typeof value === 'string') return boundedText(value);
    return Array.isArray(value) ? value.slice(0, LONGEST_LIST).map(boundedText) : value;
  };
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [key, bounded(value)] as const));
}

/** The line for an entry that comes after `head` (null: it is the first). Throws a ZodError for what is no entry. */
export function sealed(head: AuditHead | null, entry: AuditEntry): AuditLine {
  const parsed = AuditEntry.parse(entry);
  const line = {
    ...parsed,
    details: boundedDetails(parsed.details),
    seq: (head?.seq ?? 0) + 1,
    previous: head?.hash ?? NOTHING_BEFORE,
  };
  return { ...line, hash: hashOf(line) };
}

/** The head that a chain has with this line as its last. */
export const headOf = ({ seq, hash }: AuditLine): AuditHead => ({ seq, hash });

/** The entry which says that what was written up to `lost` is not there any more. Milliseconds since 1970. */
export function restartEntry(lost: AuditHead, why: string, at: number): AuditEntry {
  const nothing = { change: null, remedy: null, run: null, digest: null };
  const details = { lostLine: lost.seq, lostHash: lost.hash, why };
  return { at, actor: { kind: 'bot', id: 'audit' }, action: 'chain-restarted', cluster: '', ...nothing, details };
}

/** The lost head that a line names; null: it names none. */
function lostIn({ action, details }: AuditLine): AuditHead | null {
  if (action !== 'chain-restarted') return null;
  return AuditHead.safeParse({ seq: details['lostLine'], hash: details['lostHash'] }).data ?? null;
}

/** Whether a chain is whole. `restarts`: heads of chains that were lost before, as the chain says. `at`: the number of the line that is wrong or missing. */
export type Verified = { ok: true; lines: number; head: AuditHead | null; restarts: AuditHead[] } | { ok: false; at: number; says: string };

/** Looks at the lines of a chain one after the other, so that they need not be in memory all at once. */
export interface Verifier {
  /** The next line as it was read; false: it is wrong, and no more need be looked at. */
  take(line: unknown): boolean;
  verified(): Verified;
}

/** Why a line cannot come after this head; null: it can. */
function whyNot(head: AuditHead | null, value: unknown): string | null {
  const parsed = StrictLine.safeParse(value);
  const due = (head?.seq ?? 0) + 1;
  if (!parsed.success) return `line ${due} is not a line of the audit`;
  const { hash, ...rest } = value as AuditLine;
  if (hashOf(rest) !== hash) return `line ${parsed.data.seq} was changed: its hash does not fit what it says`;
  if (rest.seq !== due) return `line ${due} is missing: line ${rest.seq} stands in its place`;
  return rest.previous === (head?.hash ?? NOTHING_BEFORE) ? null : `line ${rest.seq} does not belong after the line before it`;
}

/** What is missing of a chain that should hold the head that is known. */
function withoutKnown(last: AuditHead | null, restarts: readonly AuditHead[], { seq }: AuditHead): Verified {
  const end = last?.seq ?? 0;
  if (restarts.some((lost) => lost.seq >= seq))
    return { ok: false, at: seq, says: `line ${seq} that is known was lost: the chain was begun again, and says so` };
  if (end < seq) return { ok: false, at: end + 1, says: `the chain ends with line ${end}, but line ${seq} is known to have been written` };
  return { ok: false, at: seq, says: `line ${seq} is not the one that is known: the chain was written anew` };
}

/** A verifier for a whole chain, from its first line on. `known`: a head that it had once, and must still hold. */
export function openVerifier(known: AuditHead | null = null): Verifier {
  let head: AuditHead | null = null;
  let wrong: Verified | null = null;
  let isThere = known === null;
  const restarts: AuditHead[] = [];
  return {
    take: (line) => {
      if (wrong !== null) return false;
      const says = whyNot(head, line);
      if (says !== null) {
        wrong = { ok: false, at: (head?.seq ?? 0) + 1, says };
        return false;
      }
      const next = line as AuditLine;
      head = headOf(next);
      isThere ||= head.seq === known?.seq && head.hash === known.hash;
      const lost = lostIn(next);
      if (lost !== null) restarts.push(lost);
      return true;
    },
    verified: () => {
      if (wrong !== null) return wrong;
      if (known !== null && !isThere) return withoutKnown(head, restarts, known);
      return { ok: true, lines: head?.seq ?? 0, head, restarts };
    },
  };
}

/** Whether these lines, as they were read, are a whole chain: any change, gap or other order is found, and with a `known` head also a cut end. */
export function verifyLines(lines: readonly unknown[], known: AuditHead | null = null): Verified {
  const verifier = openVerifier(known);
  lines.every((line) => verifier.take(line));
  return verifier.verified();
}
