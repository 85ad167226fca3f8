import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process of ours that was started. */
export interface Child {
  name: string;
  /** The port of /healthz, /readyz and /metrics. */
  healthPort: number;
  pid: number;
  /** The lines that it has logged, the newest last; a bounded number. */
  lines(): readonly string[];
  running(): boolean;
  /** Sends the signal, and waits until the process has ended; gives its exit status. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Which program, with what in its environment (nothing of ours comes with it but PATH). */
export interface ChildOptions {
  name: string;
  script: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

const mostLines = 5_000;
const startsWithinMs = 30_000;

const portIn = (line: string): number | null => {
  if (!line.includes('"msg":"up"')) return null;
  return Number(/"healthPort":(\d+)/.exec(line)?.[1] ?? Number.NaN) || null;
};

/** What a process says, line by line. */
function listen(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    });
  }
}

/** Starts a process of ours, and resolves when it says that it is up. Rejects with its last lines when it ends instead. */
export async function startChild({ name, script, args, env }: ChildOptions): Promise<Child> {
  const said: string[] = [];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(([status]) => status as number | null);
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  // nothing of ours is left behind, however this process ends
  const orphan = (): boolean => child.kill('SIGKILL');
  process.once('exit', orphan);
  void ended.then(() => process.off('exit', orphan));
  const healthPort = await new Promise<number>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${name} ${why}:\n${said.slice(-20).join('\n')}`));
    const timer = setTimeout(() => fail('is not up'), startsWithinMs);
    void ended.then((status) => fail(`ended with status ${status}`));
    listen(child, (line) => {
      said.push(line);
      if (said.length > mostLines) said.shift();
      const port = portIn(line);
      if (port === null) return;
      clearTimeout(timer);
      resolve(port);
    });
  });
  return {
    name,
    healthPort,
    pid: child.pid ?? 0,
    lines: () => said,
    running,
    end: async (signal = 'SIGTERM') => {
      if (running()) child.kill(signal);
      return ended;
    },
  };
}
