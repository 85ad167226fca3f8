import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { Failure } from '../base/failure.ts';
import { readFirst } from './body.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { channelOf, createOutput, type ExecOutput } from './exec-output.ts';
import { networkFailure } from './network-failure.ts';
import type { ExecOptions, ExecResult } from './port.ts';
import type { Meter } from './rest.ts';
import { statusFailure } from './status-failure.ts';
import type { Transport } from './transport.ts';

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const HANDSHAKE_MS = 5_000;
/** The API server sends frames of 32 KiB. */
const MAX_FRAME = 4 * 1024 * 1024;

/**
 * Runs a command in a container over a websocket. Closing it does not end the command (kubernetes-client/javascript #2532): the caller wraps
 * it in `timeout`. client-node's `Exec` is not used: it has no deadline and no bound, and a frame on an unknown channel ends the process.
 */
export async function execOver(transport: Transport, server: string, meter: Meter, options: ExecOptions): Promise<ExecResult> {
  const path = execPath(options);
  const deadline = startDeadline(options, `exec of ${options.command[0] ?? 'nothing'} in ${options.namespace}/${options.pod}`);
  try {
    const { url, options: dial } = await transport.socket(`${path}?${execQuery(options)}`, deadline.signal);
    meter.apiRequests += 1;
    const limits = { handshakeTimeout: HANDSHAKE_MS, maxPayload: MAX_FRAME, perMessageDeflate: false, followRedirects: false };
    const socket = new WebSocket(url, PROTOCOLS, { ...dial, ...limits });
    return await converse(socket, { path, deadline, meter, options });
  } catch (error) {
    throw deadline.signal.aborted ? deadline.signal.reason : networkFailure(error, server);
  } finally {
    deadline.clear();
  }
}

type Conversation = { path: string; deadline: Deadline; meter: Meter; options: ExecOptions };

/** Listens until the command has ended, too much came, the connection is gone, or the deadline passes; the socket is dead afterwards. */
function converse(socket: WebSocket, { path, deadline, meter, options }: Conversation): Promise<ExecResult> {
  const output = createOutput(options);
  return new Promise<ExecResult>((resolve, reject) => {
    const onAbort = () => settle(() => reject(deadline.signal.reason as Error));
    const settle = (finish: () => void) => {
      deadline.signal.removeEventListener('abort', onAbort);
      finish();
      socket.terminate();
    };
    deadline.signal.addEventListener('abort', onAbort, { once: true });
    // The listener stays to the end: terminate() of a socket that still connects emits an error, which would end the process.
    socket.on('error', (error) => settle(() => reject(error)));
    socket.on('unexpected-response', (_request, response) => {
      void refused(response, path, meter).then((failure) => settle(() => reject(failure)));
    });
    socket.on('message', (data) => {
      const frame = Buffer.isBuffer(data) ? data : Buffer.concat(([] as Buffer[]).concat(data as Buffer[]));
      meter.bytes += frame.length;
      try {
        if (!output.take(channelOf(frame), frame.subarray(1))) settle(() => conclude(output, resolve, reject));
      } catch (error) {
        // of whoever takes stdout: thrown in here it would end the process
        settle(() => reject(notTaken(error)));
      }
    });
    socket.on('close', (code) => settle(() => conclude(output, resolve, reject, code)));
  });
}

const notTaken = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure('error', `what a command gave could not be taken: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });

function conclude(output: ExecOutput, resolve: (result: ExecResult) => void, reject: (error: Failure) => void, code?: number): void {
  const outcome = output.outcome(code);
  if (outcome instanceof Failure) reject(outcome);
  else resolve(outcome);
}

async function refused(response: IncomingMessage, path: string, meter: Meter): Promise<Failure> {
  response.on('error', () => undefined);
  const body = await readFirst(response, 64 * 1024, (bytes) => (meter.bytes += bytes)).catch(() => null);
  return statusFailure({ method: 'GET', path, status: response.statusCode ?? 0, body: body?.text() ?? '' });
}

function execPath({ namespace, pod }: ExecOptions): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec`;
}

function execQuery({ command, container }: ExecOptions): string {
  const query = new URLSearchParams(command.map((word): [string, string] => ['command', word]));
  if (container !== undefined) query.set('container', container);
  query.set('stdout', 'true');
  query.set('stderr', 'true');
  return query.toString();
}
