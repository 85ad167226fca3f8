import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { connect, type ConnectedCluster } from '../../src/cluster/connect.ts';
import { type KeyPair, selfSigned } from './certificates.ts';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}
export type Answer = (asked: Asked, response: ServerResponse) => void;
/** Handles an exec; `refuse` answers the upgrade with an HTTP status instead. */
export type ExecAnswer = (command: string[], open: () => Promise<WebSocket>, socket: Duplex) => void | Promise<void>;

/** A TLS server that answers as a test says, and the cluster port that talks to it. */
export interface FakeApiServer {
  cluster: ConnectedCluster;
  asked: Asked[];
  tlsConnections(): number;
  openSockets(): number;
  kubeconfig: string;
  answer: Answer;
  exec: ExecAnswer;
  stop(): Promise<void>;
}

let keys: KeyPair | undefined;

export function json(response: ServerResponse, body: unknown, code = 200, headers: Record<string, string> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function status(response: ServerResponse, code: number, message: string, headers: Record<string, string> = {}): void {
  json(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }, code, headers);
}

export async function startFakeApiServer(): Promise<FakeApiServer> {
  keys ??= selfSigned();
  const asked: Asked[] = [];
  const note = (one: Asked) => {
    asked.push(one);
    return one;
  };
  const sockets = new Set<Socket>();
  let tlsConnections = 0;
  const server = createServer({ key: keys.key, cert: keys.certificate }, (request, response) => {
    void read(request).then((one) => fake.answer(note(one), response));
  });
  server.on('secureConnection', (socket) => {
    tlsConnections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  const websockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '', 'https://x');
    asked.push({ method: 'UPGRADE', path: url.pathname, query: url.searchParams, headers: request.headers, body: '' });
    const open = () => new Promise<WebSocket>((resolve) => websockets.handleUpgrade(request, socket, head, resolve));
    void fake.exec(url.searchParams.getAll('command'), open, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const directory = mkdtempSync(join(tmpdir(), 'dns-medic-fake-'));
  const kubeconfig = join(directory, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, keys.certificate));
  const fake: FakeApiServer = {
    cluster: await connect({ kind: 'kubeconfig', file: kubeconfig, context: null }, {}),
    asked,
    tlsConnections: () => tlsConnections,
    openSockets: () => sockets.size,
    kubeconfig,
    answer: (_asked, response) => json(response, { kind: 'Pod', metadata: { name: 'x' } }),
    exec: (_command, _open, socket) => void socket.destroy(),
    stop: async () => {
      await fake.cluster.close();
      for (const socket of sockets) socket.destroy();
      rmSync(directory, { recursive: true });
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

export function kubeconfigText(server: string, certificate: string, user = '{token: sesame}'): string {
  return `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "${server}", certificate-authority-data: ${Buffer.from(certificate).toString('base64')}}}]
users: [{name: u, user: ${user}}]
contexts: [{name: fake, context: {cluster: c, user: u}}]
current-context: fake
`;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const url = new URL(request.url ?? '', 'https://x');
  const { method = '', headers } = request;
  return { method, path: url.pathname, query: url.searchParams, headers, body: Buffer.concat(pieces).toString() };
}
