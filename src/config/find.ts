import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { UsageError } from '../base/failure.ts';

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** A file of settings that was found: `shown` is its path as a person in `cwd` would write it. */
export interface FoundFile {
  path: string;
  shown: string;
  source: string;
}

const LONGEST_FILE = 1024 * 1024;

/** What the system says of the user; a user that it does not know (a container's) has none. */
function systemHome(): string {
  try {
    return homedir();
  } catch {
    return '/nonexistent';
  }
}

/** The home directory: `HOME`, else what the system says. */
export const homeOf = (env: Surroundings['env']): string => env['HOME'] || systemHome();

/** `path` as an absolute one: `~/` is the home directory, and what is relative is taken from `base`. */
export function absolute(path: string, base: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(base, path);
}

const shownFrom = (cwd: string, path: string): string => {
  const short = relative(cwd, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';

function read(path: string, shown: string): string {
  const source = readFileSync(path, 'utf8');
  if (source.length > LONGEST_FILE) throw new UsageError(`${shown}: ${source.length} characters: expected at most ${LONGEST_FILE}`);
  return source;
}

/** The one file that was asked for; it must be there. */
function asked(path: string, by: string, { env, cwd }: Surroundings): FoundFile {
  const full = absolute(path, cwd, homeOf(env));
  const shown = shownFrom(cwd, full);
  try {
    return { path: full, shown, source: read(full, shown) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${shown}: cannot be read (${codeOf(error)}); ${by} names it`, { cause: error });
  }
}

function usual(path: string, cwd: string): FoundFile | null {
  const shown = shownFrom(cwd, path);
  try {
    return { path, shown, source: read(path, shown) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
    throw new UsageError(`${shown}: cannot be read (${codeOf(error)})`, { cause: error });
  }
}

/**
 * The file of settings: the one asked for (`--config`, else `DNS_MEDIC_CONFIG`), else `dns-medic.yaml` here, else the one in
 * `~/.config/dns-medic/`, else null. Throws a UsageError for a file that cannot be read.
 */
export function findConfig(file: string | undefined, surroundings: Surroundings): FoundFile | null {
  const { env, cwd } = surroundings;
  if (file !== undefined) return asked(file, '--config', surroundings);
  const fromEnv = env['DNS_MEDIC_CONFIG'];
  if (fromEnv) return asked(fromEnv, 'DNS_MEDIC_CONFIG', surroundings);
  return usual(join(cwd, 'dns-medic.yaml'), cwd) ?? usual(join(homeOf(env), '.config/dns-medic/dns-medic.yaml'), cwd);
}
