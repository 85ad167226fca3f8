import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = join(import.meta.dirname, '../../..');

/** A demo that runs as a process, with a home and a folder for temporary files of its own. */
export interface Demo {
  /** What it has printed, on stdout and on stderr. */
  stdout: () => string;
  stderr: () => string;
  /** Resolves when it has printed this; rejects when it ends before, or after so many seconds. */
  printed: (words: string, seconds?: number) => Promise<void>;
  /** As Ctrl-C does: to all processes of the terminal. */
  interrupt: (signal?: NodeJS.Signals) => void;
  type: (line: string) => void;
  /** No more lines. */
  endInput: () => void;
  /** The exit status; null when it was a signal. */
  ended: Promise<number | null>;
  /** Processes and temporary files that it has left behind. */
  left: () => Promise<string[]>;
  remove: () => void;
}

export interface DemoOptions {
  env?: Record<string, string>;
  input?: 'pipe' | 'ignore';
}

/** Command lines of processes that work in a folder. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return /^\d+$/.test(pid) && line.includes(folder) ? [line] : [];
    } catch {
      // it has just ended
      return [];
    }
  });
}

/** What npm keeps there for itself. */
const ofNpm = 'node-compile-cache';

async function leftIn(folder: string): Promise<string[]> {
  const look = (): string[] => [...processesOf(folder), ...readdirSync(folder).filter((name) => name !== ofNpm)];
  // who was killed needs a moment to be gone
  for (let tries = 0; tries < 20 && look().length > 0; tries += 1) await sleep(100);
  return look();
}

function waitFor(child: ChildProcess, said: () => string, words: string, seconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why} before it printed ${words}:\n${said().slice(-2_000)}`));
    const timer = setTimeout(() => fail(`${seconds} s were over`), seconds * 1_000);
    const look = (): void => {
      if (!said().includes(words)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', look);
    child.once('close', () => fail('it ended'));
    look();
  });
}

/** Starts `COMMAND...` at the root of the tree, in an environment that holds nothing but a path. */
export function startDemo([command = '', ...args]: readonly string[], { env = {}, input = 'ignore' }: DemoOptions = {}): Demo {
  const folder = mkdtempSync(join(tmpdir(), 'dns-medic-demo-'));
  const [home, temporary] = [join(folder, 'home'), join(folder, 'tmp')];
  [home, temporary].forEach((each) => mkdirSync(each));
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: temporary, ...env },
    stdio: [input, 'pipe', 'pipe'],
    detached: true,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  return {
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    printed: (words, seconds = 20) => waitFor(child, () => said.stdout, words, seconds),
    interrupt: (signal = 'SIGINT') => void process.kill(-(child.pid ?? 0), signal),
    type: (line) => void child.stdin?.write(`${line}\n`),
    endInput: () => void child.stdin?.end(),
    ended: once(child, 'close').then(([status]) => status as number | null),
    left: () => leftIn(temporary),
    remove() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
