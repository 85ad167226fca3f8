import { createHash } from 'node:crypto';
import { Agent as SocketAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, ProxyAgent, Socks5ProxyAgent } from 'undici';
import type { ClientOptions } from 'ws';
import { Failure } from '../base/failure.ts';
import type { ClusterLogin } from './cluster-login.ts';
import { waitFor } from './deadline.ts';
import { identify, type Identity, type TlsSettings } from './credentials.ts';

const USER_AGENT = 'dns-medic/0.1.0';

export interface WireRequest {
  method: Dispatcher.HttpMethod;
  /** With its query. */
  path: string;
  body?: string;
  contentType?: string;
  accept?: string;
}

export interface WireAnswer {
  status: number;
  retryAfter: string | undefined;
  contentLength: number | null;
  /** Has a listener for errors: it may be left or destroyed at any time. */
  body: Readable;
}

/** Requests to one cluster over connections that are kept. */
export interface Transport {
  open(request: WireRequest, signal: AbortSignal): Promise<WireAnswer>;
  /** Where and how to open a websocket. */
  socket(path: string, signal: AbortSignal): Promise<{ url: string; options: ClientOptions }>;
  close(): Promise<void>;
}

type Lane = { key: string; dispatcher: Dispatcher; socketAgent: ClientOptions['agent'] };

/**
 * The pool of connections to one cluster. client-node is not used for requests because it (2.0.1) builds a fresh Agent, and so a new TLS
 * connection, for each of them: 50 GETs are 50 handshakes and 50 sockets that stay open. Its `KubeConfig` still gives the credentials.
 */
export function createTransport(login: ClusterLogin): Transport {
  const { server } = login;
  const base = new URL(server).pathname.replace(/\/$/, '');
  const { origin } = new URL(server);
  let lane: Lane | null = null;
  let closed = false;
  const laneFor = (identity: Identity): Lane => {
    if (closed) throw new Failure('error', 'the connection to the cluster was closed by this program');
    const key = keyOf(identity.tls);
    if (lane?.key !== key) {
      // A renewed client certificate needs new connections; the old ones end when their requests do.
      void lane?.dispatcher.close().catch(() => undefined);
      lane = openLane(key, identity, login);
    }
    return lane;
  };
  return {
    open: async (request, signal) => {
      const identity = await waitFor(identify(login), signal);
      return send(laneFor(identity).dispatcher, { ...request, path: base + request.path }, origin, identity, signal);
    },
    socket: async (path, signal) => {
      const identity = await waitFor(identify(login), signal);
      const headers = { ...identity.headers, 'User-Agent': USER_AGENT } as Record<string, string>;
      return {
        url: `${origin.replace(/^http/, 'ws')}${base}${path}`,
        options: { ...identity.tls, headers, agent: laneFor(identity).socketAgent },
      };
    },
    close: async () => {
      closed = true;
      await lane?.dispatcher.destroy().catch(() => undefined);
    },
  };
}

async function send(
  dispatcher: Dispatcher,
  request: WireRequest,
  origin: string,
  identity: Identity,
  signal: AbortSignal,
): Promise<WireAnswer> {
  const { statusCode, headers, body } = await dispatcher.request({
    origin,
    path: request.path,
    method: request.method,
    headers: {
      ...identity.headers,
      accept: request.accept ?? 'application/json',
      'user-agent': USER_AGENT,
      ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }),
    },
    body: request.body ?? null,
    signal,
  });
  // A body that is destroyed early emits an error; without a listener that would end the process.
  body.on('error', () => undefined);
  const length = Number(one(headers['content-length']) ?? NaN);
  return { status: statusCode, retryAfter: one(headers['retry-after']), contentLength: Number.isNaN(length) ? null : length, body };
}

function openLane(key: string, identity: Identity, { kc }: ClusterLogin): Lane {
  const proxy = kc.getCurrentCluster()?.proxyUrl;
  if (proxy) return { key, dispatcher: proxyDispatcher(proxy, identity.tls), socketAgent: identity.socketAgent };
  const plain = new URL(kc.getCurrentCluster()!.server).protocol === 'http:';
  return {
    key,
    dispatcher: directDispatcher(identity.tls),
    socketAgent: plain ? undefined : new SocketAgent({ ...identity.tls, keepAlive: false }),
  };
}

/** HTTP/1.1, because there an abort ends the connection for certain. 30 s of TCP keep-alive is below the 60 s of cloud load balancers. */
function directDispatcher(tls: TlsSettings): Dispatcher {
  return new Agent({
    ...POOL,
    connect: { ...tls, timeout: 5_000, keepAlive: true, keepAliveInitialDelay: 30_000 } as Agent.Options['connect'] & object,
  });
}

function proxyDispatcher(uri: string, tls: TlsSettings): Dispatcher {
  const requestTls = { ...tls, timeout: 5_000 } as NonNullable<ProxyAgent.Options['requestTls']>;
  return uri.startsWith('socks')
    ? new Socks5ProxyAgent(uri, { ...POOL, requestTls })
    : new ProxyAgent({ ...POOL, uri, requestTls, connectTimeout: 5_000 });
}

const POOL = { connections: 16, allowH2: false, keepAliveTimeout: 30_000, headersTimeout: 0, bodyTimeout: 0 } as const;

function keyOf({ ca, cert, key, servername, rejectUnauthorized }: TlsSettings): string {
  const hash = createHash('sha256');
  for (const part of [ca, cert, key, servername, rejectUnauthorized]) hash.update(`${String(part)}\0`);
  return hash.digest('base64');
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
