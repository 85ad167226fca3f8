import { randomUUID } from 'node:crypto';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../base/failure.ts';

const EVERY_MS = 25;

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** Whose lock it is; null: it is gone. A lock that says nothing is being written just now, or its writer died at it. */
async function holderOf(path: string): Promise<{ text: string; pid: number | null } | null> {
  try {
    const text = await readFile(path, 'utf8');
    const pid = Number(/^(\d+) /.exec(text)?.[1]);
    return { text, pid: Number.isInteger(pid) ? pid : null };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function taken(path: string, text: string): Promise<boolean> {
  // Written aside and then linked, so that a lock is never there without its holder's name.
  const aside = `${path}.${text.split(' ')[1]}`;
  await writeFile(aside, text, { mode: 0o600 });
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(aside);
  }
}

/** Takes the lock of a process that is dead out of the way; one that another has taken meanwhile is put back. */
async function removeDead(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== dead) await link(aside, path).catch(() => undefined);
  await unlink(aside);
}

/**
 * Does something while no other process of this machine does the same for `path`: a lock file holds the id of the process. The lock of one that
 * has died is taken over. Rejects with a `Failure` when it is not free within `patienceMs`.
 */
export async function locked<T>(path: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  const own = `${process.pid} ${randomUUID()}`;
  const until = Date.now() + patienceMs;
  while (!(await taken(path, own))) {
    const holder = await holderOf(path);
    if (holder !== null && holder.pid !== null && !isAlive(holder.pid)) await removeDead(path, holder.text);
    else if (Date.now() > until)
      throw new Failure('error', `another process (${holder?.pid ?? 'unknown'}) is writing the audit; if none is, remove ${path}`);
    else await sleep(EVERY_MS);
  }
  try {
    return await work();
  } finally {
    await unlink(path).catch(() => undefined);
  }
}
