import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What of the environment decides on it. */
export interface StateEnvironment {
  XDG_STATE_HOME?: string | undefined;
}

/**
 * Where the terminal keeps what it did: `$XDG_STATE_HOME/dns-medic`, by default below `~/.local/state`. A relative path is ignored, as the XDG
 * Base Directory Specification says.
 */
export function stateDirectory(env: StateEnvironment = process.env, home: string = homedir()): string {
  const named = env.XDG_STATE_HOME ?? '';
  return join(isAbsolute(named) ? named : join(home, '.local', 'state'), 'dns-medic');
}
