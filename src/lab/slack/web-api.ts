import type { IncomingMessage } from 'node:http';
import type { Lab } from './lab.ts';
import { asText, isObject, parseArguments, parsed, text, type Args } from './methods/arguments.ts';
import type { Method } from './methods/method.ts';
import { METHODS } from './methods/registry.ts';
import { Refusal } from './world/refusal.ts';
import { remember, type Json } from './world/world.ts';

/** An answer over HTTP. Null: the connection ends without one. */
export type Answer = { status: number; headers?: Record<string, string>; body: Json } | null;

const MOST_CALLS = 20_000;

/** Answers a call of the Web API, with all the trouble that was asked for, and writes it down. */
export async function answerCall(lab: Lab, method: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const start = performance.now();
  const call = { at: Date.now(), method, args: {} as Json, status: null as number | null, error: null as string | null, ms: 0 };
  remember(lab.world.calls, call, MOST_CALLS);
  const answer = await withTrouble(lab, method, () => attempt(lab, method, request, body, (args) => (call.args = summary(args))));
  call.status = answer?.status ?? null;
  call.error = answer === null ? 'no answer' : answer.body['ok'] === true ? null : asText(answer.body['error'] ?? answer.status);
  call.ms = Math.round(performance.now() - start);
  return answer;
}

/** Lets happen to a call what was asked for. */
export async function withTrouble(lab: Lab, method: string, run: () => Promise<Answer>): Promise<Answer> {
  const latency = lab.troubles.latency();
  if (latency > 0) await pause(lab, latency);
  const fault = lab.troubles.fault(method);
  if (fault === null) return run();
  if (fault.do === 'error') return { status: fault.status ?? 500, body: { ok: false, error: 'internal_error' } };
  if (fault.do === 'throttle') return throttled(fault.retryAfterSeconds ?? 1);
  if (fault.do === 'hang') await pause(lab, fault.ms ?? 60_000);
  if (fault.do === 'lose') await run();
  return null;
}

const throttled = (seconds: number): Answer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { ok: false, error: 'ratelimited' },
});

const pause = (lab: Lab, ms: number): Promise<void> => new Promise((resolve) => lab.later(ms, resolve));

async function attempt(lab: Lab, name: string, request: IncomingMessage, body: Buffer, note: (args: Args) => void): Promise<Answer> {
  try {
    const url = new URL(request.url ?? '/', 'http://slack');
    const args = parseArguments(request.headers['content-type'] ?? '', body.toString('utf8'), url.search);
    note(args);
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (method === undefined) throw new Refusal('unknown_method', { req_method: name });
    authenticate(lab, method, request.headers.authorization ?? '', args);
    const wait = lab.limits?.take(name, text(args, 'channel')) ?? null;
    if (wait !== null) return throttled(wait);
    return await granted(lab, method, args);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: 200, headers: scopeHeader(lab), body: { ok: false, error: error.code, ...error.more } };
  }
}

async function granted(lab: Lab, method: Method, args: Args): Promise<Answer> {
  const scopes = method.token === 'app' ? lab.world.app.appScopes : lab.world.app.scopes;
  if (method.scope !== null && !scopes.includes(method.scope)) {
    throw new Refusal('missing_scope', { needed: method.scope, provided: scopes.join(',') });
  }
  return { status: 200, headers: scopeHeader(lab), body: { ok: true, ...(await method.run(lab, args)) } };
}

const scopeHeader = (lab: Lab): Record<string, string> => ({ 'x-oauth-scopes': lab.world.app.scopes.join(',') });

function authenticate(lab: Lab, method: Method, header: string, args: Args): void {
  const token = /^Bearer (.+)$/i.exec(header)?.[1] ?? text(args, 'token');
  if (token === null || token === undefined) throw new Refusal('not_authed');
  const { botToken, appToken } = lab.world.app;
  if (token !== botToken && token !== appToken) throw new Refusal('invalid_auth');
  if (token !== (method.token === 'app' ? appToken : botToken)) throw new Refusal('not_allowed_token_type');
}

/** What a call was about, short, and without its token. */
function summary(args: Args): Json {
  const short = Object.entries(args).map(([key, value]) => [key, clipped(key, value)] as const);
  return Object.fromEntries(short.filter(([key]) => key !== 'token'));
}

function clipped(key: string, value: unknown): unknown {
  if (key === 'blocks' || key === 'view') return kindsIn(value);
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return words === undefined ? null : words.length > 300 ? `${words.slice(0, 300)}…` : words;
}

function kindsIn(value: unknown): string[] {
  const given: unknown = typeof value === 'string' ? parsed(value) : value;
  const blocks: unknown = isObject(given) ? given['blocks'] : given;
  return Array.isArray(blocks) ? blocks.map((block) => (isObject(block) ? asText(block['type']) : typeof block)) : [];
}
