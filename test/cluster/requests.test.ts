import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/base/failure.ts';
import { connect } from '../../src/cluster/connect.ts';
import { hasOpenssl } from './certificates.ts';
import { type FakeApiServer, json, startFakeApiServer, status } from './fake-api-server.ts';

const withTls = hasOpenssl ? describe : describe.skip;
const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`no Failure but ${String(error)}`);
  return error;
};

withTls('requests to the API server (needs openssl)', () => {
  let fake: FakeApiServer;
  beforeEach(async () => {
    fake = await startFakeApiServer();
  });
  afterEach(() => fake.stop());

  test('carry the token, a user agent and the wish for JSON', async () => {
    await fake.cluster.get('/api/v1/namespaces/x/pods/y', { a: 'b c' });
    const [{ headers, query, path } = fake.asked[0]!] = fake.asked;
    expect(headers).toMatchObject({ authorization: 'Bearer sesame', 'user-agent': 'dns-medic/0.1.0', accept: 'application/json' });
    expect([path, query.get('a')]).toEqual(['/api/v1/namespaces/x/pods/y', 'b c']);
  });

  test('share a few connections', async () => {
    for (let index = 0; index < 20; index += 1) await fake.cluster.get('/api/v1/nodes/x');
    // Two: the next request may come before the last connection is free again.
    expect(fake.tlsConnections()).toBeLessThanOrEqual(2);
    await Promise.all(Array.from({ length: 60 }, () => fake.cluster.get('/api/v1/nodes/x')));
    expect(fake.tlsConnections()).toBeLessThanOrEqual(16);
    expect(fake.cluster.cost()).toMatchObject({ apiRequests: 80 });
  });

  test.each([429, 500, 502, 503, 504])('a GET is tried again after %i', async (code) => {
    fake.answer = (_asked, response) => (fake.asked.length < 3 ? status(response, code, 'not now') : json(response, { ok: true }));
    expect(await fake.cluster.get('/api/v1/nodes/x')).toEqual({ ok: true });
    expect(fake.asked).toHaveLength(3);
  });

  test('a GET is tried three times at most', async () => {
    fake.answer = (_asked, response) => status(response, 503, 'the server is currently unable to handle the request');
    const failure = await failureOf(fake.cluster.get('/api/v1/nodes/x'));
    expect(failure).toMatchObject({ reason: 'error', message: expect.stringContaining('503') });
    expect(fake.asked).toHaveLength(3);
  });

  test('a GET is tried again after its connection broke', async () => {
    fake.answer = (_asked, response) => (fake.asked.length < 2 ? response.socket?.destroy() : json(response, { ok: true }));
    expect(await fake.cluster.get('/api/v1/nodes/x')).toEqual({ ok: true });
  });

  test('a write is repeated after 429 only', async () => {
    fake.answer = (_asked, response) => (fake.asked.length < 2 ? status(response, 429, 'wait') : status(response, 503, 'down'));
    await failureOf(fake.cluster.create('/api/v1/namespaces/x/pods', {}));
    expect(fake.asked.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  test('an answer 503 of a program behind the proxy is a fact and not asked for again', async () => {
    fake.answer = (_asked, response) => void response.writeHead(503).end('kubernetes');
    const failure = await failureOf(fake.cluster.text('/api/v1/namespaces/kube-system/pods/coredns-1:8181/proxy/ready'));
    expect(failure.message).toMatch(/503 .*: kubernetes$/);
    expect(fake.asked).toHaveLength(1);
  });

  test('Retry-After is waited for', async () => {
    const start = performance.now();
    fake.answer = (_asked, response) =>
      fake.asked.length < 2 ? status(response, 429, 'wait', { 'retry-after': '1' }) : json(response, { ok: true });
    await fake.cluster.get('/api/v1/nodes/x');
    expect(performance.now() - start).toBeGreaterThanOrEqual(1_000);
  });

  test('a Retry-After beyond the deadline is not waited for: the answer is told at once', async () => {
    const start = performance.now();
    fake.answer = (_asked, response) => status(response, 429, 'too many requests', { 'retry-after': '60' });
    const failure = await failureOf(fake.cluster.get('/api/v1/nodes/x'));
    expect(failure.message).toContain('429');
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test('the deadline ends a request that hangs, and its connection', async () => {
    fake.answer = () => undefined;
    const failure = await failureOf(fake.cluster.get('/api/v1/nodes/x', {}, { timeoutMs: 150 }));
    expect(failure).toMatchObject({ reason: 'timeout', message: 'no answer within 150 ms: GET /api/v1/nodes/x' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(fake.openSockets()).toBe(0);
  });

  test('the deadline ends a body that trickles', async () => {
    fake.answer = (_asked, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    };
    expect(await failureOf(fake.cluster.get('/api/v1/nodes/x', {}, { timeoutMs: 200 }))).toMatchObject({ reason: 'timeout' });
  });

  test('the caller can stop a request', async () => {
    fake.answer = () => undefined;
    const controller = new AbortController();
    const call = failureOf(fake.cluster.get('/api/v1/nodes/x', {}, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    expect(await call).toMatchObject({ reason: 'timeout', message: 'stopped before it was answered: GET /api/v1/nodes/x' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(fake.openSockets()).toBe(0);
  });

  test('a caller that has stopped already sends nothing', async () => {
    await failureOf(fake.cluster.get('/api/v1/nodes/x', {}, { signal: AbortSignal.abort() }));
    expect(fake.asked).toHaveLength(0);
  });

  test('JSON beyond the cap is a Failure, whether its length is announced or not', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(5_000) });
    fake.answer = (asked, response) =>
      asked.path.endsWith('announced') ? json(response, { text: 'x'.repeat(5_000) }) : (response.write(body), void response.end());
    for (const path of ['/api/v1/nodes/announced', '/api/v1/nodes/chunked']) {
      expect(await failureOf(fake.cluster.get(path, {}, { maxBytes: 1_024 }))).toMatchObject({
        reason: 'error',
        message: `the answer to GET ${path} is longer than 1 KiB and was not read`,
      });
    }
  });

  test('text beyond the cap is cut at a line and flagged', async () => {
    fake.answer = (_asked, response) => void response.end('line\n'.repeat(1_000));
    const { text, truncated } = await fake.cluster.text('/metrics', {}, { maxBytes: 1_003 });
    expect([text.length, truncated]).toEqual([1_000, true]);
  });

  test.each(['<html>login</html>', '[1]', '"x"', ''])('an answer %j that is no JSON object is a Failure', async (body) => {
    fake.answer = (_asked, response) => void response.end(body);
    expect(await failureOf(fake.cluster.get('/api/v1/nodes/x'))).toMatchObject({
      reason: 'error',
      message: expect.stringContaining('not a JSON object'),
    });
  });

  test('401 says that the credentials were refused', async () => {
    fake.answer = (_asked, response) => status(response, 401, 'Unauthorized');
    expect(await failureOf(fake.cluster.get('/x'))).toMatchObject({
      reason: 'error',
      message: expect.stringContaining('credentials were refused (expired?)'),
    });
  });

  test('a server that is gone, and a port that was closed, are told in plain words', async () => {
    const other = await startFakeApiServer();
    const again = await connect({ kind: 'kubeconfig', file: other.kubeconfig, context: null }, {});
    await other.stop();
    expect((await failureOf(again.get('/x'))).message).toMatch(
      /^https:\/\/127.*: the connection was refused: nothing listens there \(ECONNREFUSED\)$/,
    );
    expect((await failureOf(other.cluster.get('/x'))).message).toContain('closed by this program');
    await again.close();
  });

  test('patches and deletes go out as asked', async () => {
    await fake.cluster.patch('/api/v1/namespaces/x/pods/y', { a: 1 }, 'application/merge-patch+json');
    await fake.cluster.delete('/api/v1/namespaces/x/pods/y', { gracePeriodSeconds: '0' });
    expect(fake.asked.map(({ method, body, headers }) => [method, body, headers['content-type']])).toEqual([
      ['PATCH', '{"a":1}', 'application/merge-patch+json'],
      ['DELETE', '', undefined],
    ]);
  });
});
