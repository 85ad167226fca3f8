import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A redis-server of a test's own: on a free port, in a directory that goes when it is stopped. */
export interface TestRedis {
  /** `redis://127.0.0.1:PORT`, the same after `restart` and `wipe`. */
  url: string;
  /** The path of its unix socket. */
  socket: string;
  /** Starts it again after `kill`, with what it had kept. */
  start(): Promise<void>;
  /** Ends it orderly and starts it again; without `persist` it comes back empty. */
  restart(): Promise<void>;
  /** Kills it and starts it again without any data. */
  wipe(): Promise<void>;
  /** Kills it (-9); it stays down until `start`. */
  kill(): Promise<void>;
  /** It takes connections, and answers nothing, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Ends it for good and removes its directory. */
  stop(): Promise<void>;
}

/** Starts a redis-server (Debian's `redis-server` must be installed). `persist`: every write is on disk before it is answered. */
export async function startRedis({ persist = false }: { persist?: boolean } = {}): Promise<TestRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'dns-medic-redis-'));
  const port = await freePort();
  const socket = join(directory, 'redis.sock');
  let server: ChildProcess | null = null;

  const start = async () => {
    server = spawn('redis-server', options(port, socket, directory, persist), { stdio: 'ignore' });
    await answering(server, port);
  };
  const end = async (signal: NodeJS.Signals) => {
    const running = server;
    server = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGCONT');
    running.kill(signal);
    await once(running, 'exit');
  };
  const orphan = () => server?.kill('SIGKILL');
  process.once('exit', orphan);

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    socket,
    start,
    restart: async () => {
      await end('SIGTERM');
      await start();
    },
    wipe: async () => {
      await end('SIGKILL');
      rmSync(join(directory, 'appendonlydir'), { recursive: true, force: true });
      rmSync(join(directory, 'dump.rdb'), { force: true });
      await start();
    },
    kill: () => end('SIGKILL'),
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    stop: async () => {
      process.off('exit', orphan);
      await end('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function options(port: number, socket: string, directory: string, persist: boolean): string[] {
  const kept = persist ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--unixsocket', socket, '--dir', directory];
  return [...place, '--save', '', '--maxmemory-policy', 'noeviction', ...kept];
}

/** Waits until it answers PING (while it loads its data it answers LOADING). */
async function answering(server: ChildProcess, port: number): Promise<void> {
  const failed = new Promise<never>((_resolve, reject) => {
    server.once('error', (cause) => reject(new Error('redis-server does not start: is it installed?', { cause })));
    server.once('exit', (code, signal) => reject(new Error(`redis-server ended at once (${code ?? signal})`)));
  });
  failed.catch(() => undefined);
  const until = Date.now() + 10_000;
  while (!(await Promise.race([pong(port), failed]))) {
    if (Date.now() > until) throw new Error('redis-server does not answer within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function pong(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(port, '127.0.0.1', () => connection.write('PING\r\n'));
    const answer = (ok: boolean) => {
      connection.destroy();
      resolve(ok);
    };
    connection.setTimeout(1000, () => answer(false));
    connection.once('error', () => answer(false));
    connection.once('data', (bytes) => answer(bytes.toString().startsWith('+PONG')));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
