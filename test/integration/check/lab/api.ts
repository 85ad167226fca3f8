import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

/** A JSON object as the API server gives or takes it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Thing = Record<string, any>;

export interface Login {
  server: string;
  ca: string;
  agent: Agent;
  token: string | null;
}

const decoded = (text: string | undefined): string | undefined => (text === undefined ? undefined : Buffer.from(text, 'base64').toString());

/** Reads a kubeconfig with everything in it, as test clusters have. Independent of the client that is under test. */
export function loginFrom(file: string): Login {
  const config = parse(readFileSync(file, 'utf8')) as Thing;
  const context = (config['contexts'] as Thing[]).find(({ name }) => name === config['current-context'])?.['context'] as Thing;
  const cluster = (config['clusters'] as Thing[]).find(({ name }) => name === context['cluster'])?.['cluster'] as Thing;
  const user = (config['users'] as Thing[]).find(({ name }) => name === context['user'])?.['user'] as Thing;
  const ca = decoded(cluster['certificate-authority-data']) ?? readFileSync(cluster['certificate-authority'], 'utf8');
  const cert =
    decoded(user['client-certificate-data']) ??
    (user['client-certificate'] === undefined ? undefined : readFileSync(user['client-certificate'], 'utf8'));
  const key = decoded(user['client-key-data']) ?? (user['client-key'] === undefined ? undefined : readFileSync(user['client-key'], 'utf8'));
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ca,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  return { server: cluster['server'], ca, agent, token: user['token'] ?? null };
}

/** One request. Rejects for an answer that is not 2xx, unless it is 404 to a DELETE or 409 to a POST (`there already`). */
export function call({ server, agent, token }: Login, method: string, path: string, body?: Thing): Promise<Thing> {
  return new Promise((resolve, reject) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const text = body === undefined ? '' : JSON.stringify(body);
    // Node leaves the length of a DELETE's body out
    const headers = {
      'content-type': type,
      'content-length': String(Buffer.byteLength(text)),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    const asked = request(new URL(path, server), { method, agent, headers, timeout: 20_000 }, (answer) => {
      let said = '';
      answer.on('data', (data: Buffer) => (said += data.toString()));
      answer.on('end', () => {
        const status = answer.statusCode ?? 0;
        const harmless = (method === 'DELETE' && status === 404) || (method === 'POST' && status === 409);
        if ((status >= 200 && status < 300) || harmless) resolve(JSON.parse(said === '' ? '{}' : said) as Thing);
        else reject(new Error(`${method} ${path}: ${status} ${said.slice(0, 300)}`));
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer`)));
    asked.on('error', reject);
    asked.end(text);
  });
}
