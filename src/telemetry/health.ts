import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is asked of a process: does it live, can it do its work (null: yes; else why not), and what has it counted. */
export interface HealthQuestions {
  live: () => string | null;
  ready: () => Promise<string | null> | string | null;
  metrics: () => Promise<string>;
}

export interface HealthServer {
  port: number;
  close(): Promise<void>;
}

const readyWithinMs = 2_000;

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
}

const said = (response: ServerResponse, problem: string | null): void =>
  answer(response, problem === null ? 200 : 503, `${problem ?? 'ok'}\n`);

/** An answer that does not come in time is a no. */
async function inTime(question: Promise<string | null> | string | null): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), readyWithinMs);
  });
  try {
    return await Promise.race([question, late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Answers /healthz, /readyz and /metrics (Prometheus text). Rejects when the port is taken. */
export function serveHealth(port: number, questions: HealthQuestions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (request.method !== 'GET') return answer(response, 405, 'only GET\n');
    if (path === '/healthz') return said(response, questions.live());
    if (path === '/readyz') return void inTime(questions.ready()).then((problem) => said(response, problem));
    if (path === '/metrics')
      return void questions
        .metrics()
        .then((text) => answer(response, 200, text, 'text/plain; version=0.0.4; charset=utf-8'))
        .catch(() => answer(response, 500, 'the metrics could not be gathered\n'));
    answer(response, 404, 'there is /healthz, /readyz and /metrics\n');
  });
  server.requestTimeout = 5_000;
  server.headersTimeout = 5_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      }),
    );
  });
}
