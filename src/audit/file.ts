import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AuditEntry, AuditLine } from '../domain/audit.ts';
import { headOf, openVerifier, sealed, type AuditHead, type Verified } from './chain.ts';
import { locked } from './lock.ts';
import { jsonIn, lineIn, type AuditLog } from './log.ts';
import { syncDirectory } from '../base/sync-directory.ts';

/** Where the chain is kept, and how long another process that writes to it is waited for (5 s unless said). */
export interface AuditFileOptions {
  path: string;
  patienceMs?: number;
}

const TORN = 'the last line had been written only in part: it was moved to the file beside this one that ends with .torn';

/** What stands in a file: whole lines, and what comes after the last line's end. */
interface Contents {
  lines: string[];
  /** Of a line that was not written to its end, for the process or the machine died at it. */
  torn: string;
  /** Bytes of the whole lines. */
  size: number;
}

async function contentsOf(file: FileHandle | null): Promise<Contents> {
  const text = file === null ? '' : await file.readFile('utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return { lines: whole.split('\n').slice(0, -1), torn: text.slice(whole.length), size: Buffer.byteLength(whole) };
}

async function reading(path: string): Promise<Contents> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    return await contentsOf(file);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return contentsOf(null);
    throw error;
  } finally {
    await file?.close();
  }
}

/** The chain of this machine, one line of JSON after the other, for its owner alone. Each line is on the disk when it is said to be written. */
export function openAuditFile({ path, patienceMs = 5000 }: AuditFileOptions): AuditLog {
  return {
    append: async (entry) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return locked(`${path}.lock`, patienceMs, () => appendTo(path, entry));
    },
    head: async () => headIn((await reading(path)).lines),
    read: async (fromSeq, limit) => {
      const { lines } = await reading(path);
      return lines.slice(Math.max(0, fromSeq - 1), Math.max(0, fromSeq - 1) + Math.max(1, limit)).map(lineIn);
    },
    verify: async (known = null) => verified(await reading(path), known),
  };
}

function headIn(lines: readonly string[]): AuditHead | null {
  const last = lines.at(-1);
  return last === undefined ? null : headOf(lineIn(last));
}

function verified({ lines, torn }: Contents, known: AuditHead | null): Verified {
  const verifier = openVerifier(known);
  lines.every((line) => verifier.take(jsonIn(line)));
  const whole = verifier.verified();
  if (!whole.ok || torn === '') return whole;
  return { ok: false, at: whole.lines + 1, says: `line ${whole.lines + 1} was written only in part: a process died at it` };
}

async function appendTo(path: string, entry: AuditEntry): Promise<AuditLine> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { lines, torn, size } = await contentsOf(file);
    let head = headIn(lines);
    if (torn !== '') {
      await putAside(path, torn);
      await file.truncate(size);
      const restart = sealed(head, tornEntry(torn, entry));
      await file.appendFile(`${JSON.stringify(restart)}\n`);
      head = headOf(restart);
    }
    const line = sealed(head, entry);
    await file.appendFile(`${JSON.stringify(line)}\n`);
    await file.sync();
    if (line.seq === 1) await syncDirectory(dirname(path));
    return line;
  } finally {
    await file.close();
  }
}

const tornEntry = (torn: string, { at, actor }: AuditEntry): AuditEntry => ({
  ...{ at, actor, action: 'chain-restarted', cluster: '', change: null, remedy: null, run: null, digest: null },
  details: { why: TORN, characters: torn.length },
});

async function putAside(path: string, torn: string): Promise<void> {
  const file = await open(`${path}.torn`, 'a', 0o600);
  try {
    await file.appendFile(`${torn}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
