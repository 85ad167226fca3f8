import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../../base/failure.ts';

/** A Redis of the demo's own. It keeps nothing and listens on a socket that only this user can reach. */
export interface PrivateRedis {
  url: string;
  stop(): Promise<void>;
}

const startsWithinMs = 10_000;

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => socket.end('PING\r\n'));
    socket.once('data', (data) => resolve(data.toString().startsWith('+PONG')));
    socket.once('error', () => resolve(false));
  });

async function untilItAnswers(path: string, ended: () => Error | null): Promise<void> {
  for (const began = Date.now(); Date.now() - began < startsWithinMs; await sleep(50)) {
    const error = ended();
    if (error !== null) throw error;
    if (await answers(path)) return;
  }
  throw new Error('redis-server did not answer within 10 s');
}

/** Starts redis-server. Throws a UsageError that says what to install when there is none. */
export async function startPrivateRedis(): Promise<PrivateRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'dns-medic-redis-'));
  const path = join(folder, 'redis.sock');
  const child = spawn('redis-server', ['--port', '0', '--unixsocket', path, '--unixsocketperm', '700', '--save', '', '--dir', folder], {
    stdio: 'ignore',
  });
  // it is not left behind, however this process ends
  const orphan = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', orphan);
  let error: Error | null = null;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const missing = cause.code === 'ENOENT';
      error = missing ? new UsageError('redis-server is not installed: on Debian, apt-get install redis-server') : cause;
      resolve();
    });
    child.once('exit', (code) => {
      error ??= new Error(`redis-server ended with status ${code}`);
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', orphan);
    await rm(folder, { recursive: true, force: true });
  };
  await untilItAnswers(path, () => error).catch(async (cause: unknown) => {
    await stop();
    throw cause;
  });
  return { url: `unix://${path}`, stop };
}
