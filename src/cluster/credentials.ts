import type { RequestOptions } from 'node:https';
import type { ClientOptions } from 'ws';
import { UsageError } from '../base/failure.ts';
import type { ClusterLogin } from './cluster-login.ts';
import { messageOf } from './error-words.ts';
import { oneLine } from './redact.ts';

type Secret = NonNullable<RequestOptions['ca']>;

/** The TLS side of a connection, as Node takes it. */
export interface TlsSettings {
  ca?: Secret;
  cert?: Secret;
  key?: Secret;
  passphrase?: string;
  rejectUnauthorized?: boolean;
  servername?: string;
}

/** What one request shows to the API server. `socketAgent` is client-node's own, which knows how to reach proxies. */
export interface Identity {
  headers: Record<string, string | string[]>;
  tls: TlsSettings;
  socketAgent: ClientOptions['agent'];
}

/** Credentials for the next request: tokens are read or renewed in time. Rejects with UsageError. */
export async function identify({ kc, plugin, headers }: ClusterLogin): Promise<Identity> {
  const options: RequestOptions = { headers: {} };
  const given = plugin === null ? null : await plugin.credential();
  try {
    await kc.applyToHTTPSOptions(options);
  } catch (error) {
    throw new UsageError(`the credentials of the kubeconfig cannot be used: ${oneLine(messageOf(error))}`);
  }
  const tls = tlsOf(options);
  if (given?.certificate != null) Object.assign(tls, { cert: given.certificate, key: given.key });
  const basic = typeof options.auth === 'string' ? { Authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` } : {};
  const token = given?.token == null ? {} : { Authorization: `Bearer ${given.token}` };
  return {
    headers: { ...trimmed(options.headers), ...basic, ...token, ...headers },
    tls,
    socketAgent: options.agent as ClientOptions['agent'],
  };
}

function tlsOf(options: RequestOptions): TlsSettings {
  const { ca, cert, key, passphrase, rejectUnauthorized, servername } = options;
  const all = { ca, cert, key, passphrase, rejectUnauthorized, servername };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}

/** A token file may end with a line break, which no header may hold. */
function trimmed(headers: RequestOptions['headers']): Record<string, string> {
  const entries = Object.entries((headers ?? {}) as Record<string, string | number | undefined>);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value).trim()]));
}
