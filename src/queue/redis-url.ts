import type { RedisOptions } from 'ioredis';
import { UsageError } from '../base/failure.ts';

const EXPECTED = 'the address of Redis is not understood: expected redis://HOST:PORT, rediss://HOST:PORT or unix:///PATH';

/**
 * Where Redis is, from a URL: `redis://` and `rediss://` (TLS) with `USER:PASSWORD@`, port and `/DB`, or the path of a unix socket. Throws a
 * UsageError that does not repeat the URL: it may hold a password.
 */
export function redisAddress(url: string): RedisOptions {
  const socket = /^(?:unix:(?:\/\/)?)?(\/[^/?#][^?#]*)$/.exec(url)?.[1];
  if (socket !== undefined) return { path: socket };
  const { protocol, hostname, port, username, password, pathname } = parsed(url);
  if ((protocol !== 'redis:' && protocol !== 'rediss:') || hostname === '') throw new UsageError(EXPECTED);
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  return {
    host,
    port: port === '' ? 6379 : Number(port),
    db: database(pathname),
    ...(username === '' ? {} : { username: decoded(username) }),
    ...(password === '' ? {} : { password: decoded(password) }),
    ...(protocol === 'rediss:' ? { tls: { servername: host } } : {}),
  };
}

function parsed(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new UsageError(EXPECTED);
  }
}

function database(path: string): number {
  if (path === '' || path === '/') return 0;
  if (!/^\/\d{1,5}$/.test(path)) throw new UsageError(EXPECTED);
  return Number(path.slice(1));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
