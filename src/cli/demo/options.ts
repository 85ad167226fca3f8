import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../../base/failure.ts';

/** What the demo was asked for. */
export interface DemoOptions {
  help: boolean;
  /** Ends when the first thread says its last word. */
  once: boolean;
  /** The name of a recorded run to check instead of the usual one. */
  fault: string | null;
  /** The absolute path of a kubeconfig: a real cluster instead of recorded ones. */
  kubeconfig: string | null;
}

export const DEMO_HELP = `npm run demo [-- OPTIONS] [NAME]

The whole way of a check, on this machine alone: a look-alike of Slack, and a private Redis, the bot and a worker as processes of their own.
Somebody types /dns check cluster-a, and the thread is printed as it grows. The clusters are recorded: each answers as a real one did.

  NAME               checks what was recorded under that name (an unknown one lists what there is)
  --once             ends when the thread is final; else it stays and takes more commands
  --kubeconfig FILE  checks the real cluster of that kubeconfig
  --help

Exit status: 0, or 64 for wrong usage, 130 when Ctrl-C ended --once, 1 when something went wrong.
`;

interface Read {
  values: { help?: boolean; once?: boolean; kubeconfig?: string };
  positionals: string[];
}

function read(args: readonly string[]): Read {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, once: { type: 'boolean' }, kubeconfig: { type: 'string' } },
    });
  } catch (error) {
    const [words = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${words} (--help says what there is)`, { cause: error });
  }
}

/** Reads the arguments; a kubeconfig is looked for from `cwd`. Throws a UsageError. */
export function demoOptions(args: readonly string[], cwd: string): DemoOptions {
  const { values, positionals } = read(args);
  const [fault = null, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one NAME at most, and not also ${more.join(', ')} (--help says what there is)`);
  if (fault !== null && values.kubeconfig !== undefined)
    throw new UsageError('either NAME, a recorded cluster, or --kubeconfig, a real one');
  if (values.kubeconfig === '') throw new UsageError('--kubeconfig: name a file');
  const kubeconfig = values.kubeconfig === undefined ? null : resolve(cwd, values.kubeconfig);
  return { help: values.help === true, once: values.once === true, fault, kubeconfig };
}
