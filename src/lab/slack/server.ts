import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Lab } from './lab.ts';
import { asText, parsed } from './methods/arguments.ts';
import { LARGEST_FILE, receiveFile } from './methods/files.ts';
import { answerResponse } from './response-url.ts';
import { answerCall, withTrouble, type Answer } from './web-api.ts';
import { remember } from './world/world.ts';

/** Answers what tests and demos ask of the look-alike itself, under `/lab/`. */
export type Control = (request: IncomingMessage, path: string, body: Buffer) => Promise<{ status: number; type: string; body: string }>;

const LARGEST_BODY = 4 * 1024 * 1024;

/** The one server: Web API, uploads, response_urls, sockets, and the control under `/lab/`. */
export function createLabServer(lab: Lab, control: Control): Server {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_BODY });
  const server = createServer((request, response) => {
    answer(lab, control, request, response).catch((error: unknown) => {
      lab.remark(`the look-alike itself failed: ${error instanceof Error ? error.message : String(error)}`);
      response.destroy();
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://slack');
    if (lab.sockets.admit(url.searchParams.get('ticket') ?? ''))
      sockets.handleUpgrade(request, socket, head, (link) => lab.sockets.add(link));
    else socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
  });
  return server;
}

async function answer(lab: Lab, control: Control, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://slack').pathname;
  const body = await received(request, path.startsWith('/upload/') ? LARGEST_FILE + 65_536 : LARGEST_BODY);
  if (body === null) return void response.writeHead(413).end();
  if (path.startsWith('/lab/')) {
    const said = await control(request, path.slice('/lab/'.length), body);
    return void response.writeHead(said.status, { 'content-type': said.type }).end(said.body);
  }
  const said = await slackAnswer(lab, path, request, body);
  if (said === null) return void response.destroy();
  response.writeHead(said.status, { 'content-type': 'application/json; charset=utf-8', ...said.headers }).end(JSON.stringify(said.body));
}

async function slackAnswer(lab: Lab, path: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  if (path.startsWith('/api/')) return answerCall(lab, path.slice('/api/'.length), request, body);
  if (path.startsWith('/response/')) return responseUrl(lab, path.slice('/response/'.length), body);
  if (path.startsWith('/upload/v1/')) return upload(lab, path.slice('/upload/v1/'.length), request, body);
  return { status: 404, body: { ok: false, error: 'not_found' } };
}

async function responseUrl(lab: Lab, id: string, body: Buffer): Promise<Answer> {
  const said = await withTrouble(lab, 'response_url', async () => answerResponse(lab, id, parsed(body.toString('utf8'))));
  const error = said === null ? 'no answer' : said.body['ok'] === true ? null : asText(said.body['error']);
  remember(lab.world.calls, { at: Date.now(), method: 'response_url', args: {}, status: said?.status ?? null, error, ms: 0 }, 20_000);
  return said;
}

async function upload(lab: Lab, id: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  return withTrouble(lab, 'upload', async () => {
    const bytes = await fileBytes(request.headers['content-type'] ?? '', body);
    const wrong = receiveFile(lab, id, bytes);
    return wrong === null ? { status: 200, body: { ok: true } } : { status: 400, body: { ok: false, error: wrong } };
  });
}

/** A file comes as it is, or as the one file of a form. */
async function fileBytes(type: string, body: Buffer): Promise<Buffer> {
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return file === undefined ? Buffer.alloc(0) : Buffer.from(await file.arrayBuffer());
}

/** The whole body; null when it is too large. */
async function received(request: IncomingMessage, most: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > most) return null;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
