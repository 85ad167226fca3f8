import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a run of the CLI ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** A directory of its own, so that no settings of the machine are found. */
export const directory = mkdtempSync(join(tmpdir(), 'dns-medic-cli-'));

export function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** Runs `dns-medic ARGS` as a process of its own, away from the settings of the machine. */
export function medic(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const began = Date.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '', HOME: directory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...out, ms: Date.now() - began }));
  });
}
