import { type ChildProcess, spawn } from 'node:child_process';
import { Failure, UsageError } from '../base/failure.ts';
import { FirstBytes } from './bounded-bytes.ts';
import { codeOf, messageOf } from './error-words.ts';
import type { Json } from './port.ts';
import { oneLine } from './redact.ts';

/** `users[].user.exec` of a kubeconfig: a program that gives credentials (`aws eks get-token`). */
export interface ExecPluginSpec {
  command: string;
  args: readonly string[];
  env: Record<string, string>;
  apiVersion: string;
  installHint: string | null;
}

/** What the program gave. PEM texts. */
export interface PluginCredential {
  token: string | null;
  certificate: string | null;
  key: string | null;
}

export interface ExecPlugin {
  credential(): Promise<PluginCredential>;
  /** Forgets the credential, so that the next call runs the program again. */
  forget(): void;
}

/** Longer than an SSO refresh takes; kubectl has no limit, but it has a person in front of it. */
const PLUGIN_TIMEOUT_MS = 20_000;
/** A credential is renewed so long before it ends: a request that starts now must still be good when it arrives. */
const MARGIN_MS = 30_000;

/**
 * Runs a credential plugin: once for all who ask at the same time, and again shortly before the credential ends.
 * (client-node runs it once for each concurrent request and without a time limit.) Rejects with UsageError when it cannot be started,
 * with Failure when it gives no credentials.
 */
export function createExecPlugin(spec: ExecPluginSpec, environment: Record<string, string | undefined>): ExecPlugin {
  let cached: { promise: Promise<PluginCredential>; goodUntil: number } | null = null;
  const run = () => {
    const entry = { promise: Promise.resolve<PluginCredential>({ token: null, certificate: null, key: null }), goodUntil: Infinity };
    entry.promise = runPlugin(spec, environment).then(({ credential, expires }) => {
      entry.goodUntil = expires === null ? Infinity : expires - MARGIN_MS;
      return credential;
    });
    entry.promise.catch(() => {
      if (cached === entry) cached = null;
    });
    return entry;
  };
  return {
    credential: () => {
      if (cached === null || Date.now() >= cached.goodUntil) cached = run();
      return cached.promise;
    },
    forget: () => {
      cached = null;
    },
  };
}

async function runPlugin(spec: ExecPluginSpec, environment: Record<string, string | undefined>) {
  const info = { kind: 'ExecCredential', apiVersion: spec.apiVersion, spec: { interactive: false } };
  const child = spawn(spec.command, spec.args, {
    env: { ...environment, KUBERNETES_EXEC_INFO: JSON.stringify(info), ...spec.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = new FirstBytes(1024 * 1024);
  const stderr = new FirstBytes(64 * 1024);
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
  const status = await endOf(child, spec);
  if (status !== 0) throw failed(spec, status ?? -1, stderr.text());
  return parseCredential(spec, stdout.text());
}

/** The exit status. Not spawn's own `timeout`: its timer outlives a program that could not be started, and would keep this process alive. */
function endOf(child: ChildProcess, spec: ExecPluginSpec): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      // What the program started may hold the pipes open.
      child.stdout?.destroy();
      child.stderr?.destroy();
      reject(new Failure('timeout', `the credential plugin "${spec.command}" did not end within ${PLUGIN_TIMEOUT_MS / 1000} s`));
    }, PLUGIN_TIMEOUT_MS);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(notStarted(spec, error));
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve(status);
    });
  });
}

function notStarted(spec: ExecPluginSpec, error: unknown): UsageError {
  const missing = codeOf(error) === 'ENOENT';
  const hint = spec.installHint === null ? '' : ` (${oneLine(spec.installHint, 200)})`;
  if (missing) return new UsageError(`the credential plugin "${spec.command}" of the kubeconfig is not installed, or not in PATH${hint}`);
  return new UsageError(`the credential plugin "${spec.command}" cannot be started: ${oneLine(messageOf(error))}`);
}

function failed(spec: ExecPluginSpec, status: number, stderr: string): Failure {
  const line = stderr.split('\n').find((text) => text.trim() !== '');
  return new Failure(
    'error',
    `the credential plugin "${spec.command}" failed (exit status ${status})${line === undefined ? '' : `: ${oneLine(line)}`}`,
  );
}

function parseCredential(spec: ExecPluginSpec, text: string): { credential: PluginCredential; expires: number | null } {
  const status = statusOf(text);
  const read = (key: string): string | null => (typeof status?.[key] === 'string' && status[key] !== '' ? status[key] : null);
  const credential = { token: read('token')?.trim() ?? null, certificate: read('clientCertificateData'), key: read('clientKeyData') };
  if (credential.token === null && credential.certificate === null) {
    throw new Failure('error', `the credential plugin "${spec.command}" gave no token and no certificate`);
  }
  const expires = Date.parse(read('expirationTimestamp') ?? '');
  return { credential, expires: Number.isNaN(expires) ? null : expires };
}

function statusOf(text: string): Json | null {
  try {
    const parsed = JSON.parse(text) as Json | null;
    return (parsed?.['status'] as Json | undefined) ?? null;
  } catch {
    return null;
  }
}
