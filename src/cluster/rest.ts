import type { ClusterLogin } from './cluster-login.ts';
import { readFirst } from './body.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { networkFailure } from './network-failure.ts';
import type { CallOptions } from './port.ts';
import { Refused, retryAfterMs, withRetries } from './retry.ts';
import { statusFailure } from './status-failure.ts';
import type { Transport, WireAnswer, WireRequest } from './transport.ts';

export interface RestRequest extends WireRequest {
  query?: Record<string, string> | undefined;
}

/** What was used so far. */
export interface Meter {
  apiRequests: number;
  bytes: number;
}

/** One call: deadline, retries, and every error made a `Failure`. `read` takes what it wants from a successful answer. */
export interface Rest {
  call<T>(request: RestRequest, options: CallOptions, read: (answer: WireAnswer) => Promise<T>): Promise<T>;
  meter: Meter;
}

export function createRest(login: ClusterLogin, transport: Transport): Rest {
  const meter: Meter = { apiRequests: 0, bytes: 0 };
  return {
    meter,
    call: async (request, options, read) => {
      const deadline = startDeadline(options, `${request.method} ${request.path}`);
      const path = withQuery(request.path, request.query);
      const rules = { reads: request.method === 'GET', proxied: /\/proxy(?:\/|$)/.test(request.path) };
      const attempt = () => once({ ...request, path }, deadline, { login, transport, meter }, read);
      try {
        return await withRetries(rules, deadline, attempt);
      } catch (error) {
        if (deadline.signal.aborted) throw deadline.signal.reason;
        throw error instanceof Refused ? error.failure : networkFailure(error, login.server);
      } finally {
        deadline.clear();
      }
    },
  };
}

type Wiring = { login: ClusterLogin; transport: Transport; meter: Meter };

async function once<T>(request: WireRequest, deadline: Deadline, wiring: Wiring, read: (answer: WireAnswer) => Promise<T>): Promise<T> {
  let answer = await open(request, deadline, wiring);
  if (answer.status === 401 && wiring.login.plugin !== null) {
    // The token may have been revoked, or the clock be wrong: one try with a new one.
    answer.body.destroy();
    wiring.login.plugin.forget();
    answer = await open(request, deadline, wiring);
  }
  if (answer.status >= 200 && answer.status < 300) return read(answer);
  const body = await readFirst(answer.body, 64 * 1024, (bytes) => (wiring.meter.bytes += bytes));
  const failure = statusFailure({ method: request.method, path: request.path.split('?', 1)[0]!, status: answer.status, body: body.text() });
  throw new Refused(answer.status, retryAfterMs(answer.retryAfter), failure);
}

function open(request: WireRequest, deadline: Deadline, { transport, meter }: Wiring): Promise<WireAnswer> {
  meter.apiRequests += 1;
  return transport.open(request, deadline.signal);
}

function withQuery(path: string, query: Record<string, string> | undefined): string {
  const text = new URLSearchParams(query ?? {}).toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
