import { Failure } from '../base/failure.ts';
import { DEFAULT_MAX_BYTES } from './body.ts';
import { FirstBytes } from './bounded-bytes.ts';
import type { ExecOptions, ExecResult, Json } from './port.ts';
import { oneLine, redact } from './redact.ts';

/** Channels of v4/v5.channel.k8s.io: the first byte of each frame. 0 (stdin), 4 (resize) and 255 (close) are not for us. */
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

/** What has come of a command so far. */
export interface ExecOutput {
  /** Gives false when there is nothing more to wait for. */
  take(channel: number, data: Buffer): boolean;
  /** `closeCode`: how the connection ended, if it did. */
  outcome(closeCode?: number): ExecResult | Failure;
}

export function channelOf(frame: Buffer): number {
  return frame[0] ?? -1;
}

/** Hands stdout on instead of keeping it. */
class HandedOn {
  truncated = false;
  readonly #onStdout: (chunk: Uint8Array) => void;

  constructor(onStdout: (chunk: Uint8Array) => void) {
    this.#onStdout = onStdout;
  }

  push(piece: Uint8Array): boolean {
    if (piece.length > 0) this.#onStdout(piece);
    return true;
  }

  text(): string {
    return '';
  }
}

/** Collects stdout, unless it is handed on, and stderr, together at most `maxBytes`. Frames of unknown channels are left out. */
export function createOutput({ maxBytes = DEFAULT_MAX_BYTES, command, namespace, pod, onStdout }: ExecOptions): ExecOutput {
  const stdout = onStdout === undefined ? new FirstBytes(maxBytes) : new HandedOn(onStdout);
  const streams = { [STDOUT]: stdout, [STDERR]: new FirstBytes(maxBytes) } as const;
  let room = maxBytes;
  let status: Json | null = null;
  const truncated = () => streams[STDOUT].truncated || streams[STDERR].truncated;
  const keep = (stream: FirstBytes | HandedOn, data: Buffer): boolean => {
    const fits = stream.push(data.subarray(0, room)) && data.length <= room;
    if (!fits) stream.truncated = true;
    room -= Math.min(room, data.length);
    return fits;
  };
  return {
    take: (channel, data) => {
      if (channel === STDOUT || channel === STDERR) return keep(streams[channel], data);
      if (channel === STATUS) status = parseStatus(data);
      return channel !== STATUS;
    },
    outcome: (closeCode) => {
      const text = redact(streams[STDOUT].text());
      const stderr = redact(streams[STDERR].text());
      if (truncated()) return { text, stderr, truncated: true, exitCode: null };
      if (status === null)
        return new Failure('error', `the exec stream of ${namespace}/${pod} ended before the command did (code ${closeCode ?? 'none'})`);
      const exitCode = exitCodeOf(status);
      return exitCode === null ? notRun(status, command[0] ?? '') : { text, stderr, truncated: false, exitCode };
    },
  };
}

function parseStatus(data: Buffer): Json {
  try {
    const parsed: unknown = JSON.parse(data.subarray(0, 64 * 1024).toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // said by the outcome
  }
  return { status: 'Failure', message: 'its status cannot be read' };
}

/** `NonZeroExitCode` carries the code in its causes; another failure means that the command was not run. */
function exitCodeOf(status: Json): number | null {
  if (status['status'] === 'Success') return 0;
  const causes: unknown = status['details']?.['causes'];
  const cause = Array.isArray(causes) ? (causes as Json[]).find((one) => one?.['reason'] === 'ExitCode') : undefined;
  const code = Number(cause?.['message'] ?? NaN);
  return Number.isInteger(code) ? code : null;
}

const NOT_FOUND = 127;

/** A program that is not in the image (a container without a shell) ends as in a shell, with 127; anything else is a Failure. */
function notRun(status: Json, program: string): ExecResult | Failure {
  const said = typeof status['message'] === 'string' ? status['message'] : '';
  if (/executable file not found|no such file or directory/i.test(said)) {
    return { text: '', stderr: `${oneLine(program, 80)}: not found in the container`, truncated: false, exitCode: NOT_FOUND };
  }
  return new Failure('error', `the command was not run: ${oneLine(said)}`);
}
