import { afterEach, describe, expect, test } from '@jest/globals';
import { C, client, closeAll, refusal, section, slackFor } from './slack.ts';

afterEach(closeAll);
const message = { channel: C, text: 'words' };

describe('rate limits', () => {
  test('a channel takes some messages at once, then says how long to wait, and takes the next after that', async () => {
    const slack = await slackFor({ rates: {} });
    const answers = [];
    for (let i = 0; i < 4; i += 1)
      answers.push(
        await client(slack)
          .chat.postMessage(message)
          .then(
            () => 'ok',
            (error: unknown) => error,
          ),
      );
    expect(answers.slice(0, 3)).toEqual(['ok', 'ok', 'ok']);
    expect(answers[3]).toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 1 });
    expect(await refusal(client(slack).chat.postMessage({ ...message, channel: 'C0WAR' }))).toBe('ok');
    expect(slack.messages(C)).toHaveLength(3);
    await client(slack, undefined, { retryConfig: { retries: 2 }, rejectRateLimitedCalls: false }).chat.postMessage(message);
    expect(slack.messages(C)).toHaveLength(4);
  });

  test('updates are limited for the app as a whole', async () => {
    const slack = await slackFor({ rates: {} });
    const { ts } = await client(slack).chat.postMessage(message);
    const answers = await Promise.all(
      Array.from({ length: 55 }, () => refusal(client(slack).chat.update({ channel: C, ts: ts!, text: 'a' }))),
    );
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(50);
    expect(slack.calls('chat.update').filter(({ status }) => status === 429)).toHaveLength(5);
  });
});

describe('the look-alike misbehaves as it is told', () => {
  test('errors, so many of them', async () => {
    const slack = await slackFor();
    slack.misbehave({ faults: [{ do: 'error', method: 'chat.postMessage', times: 2, status: 503 }] });
    const answers = [];
    for (let i = 0; i < 3; i += 1)
      answers.push(
        await client(slack)
          .chat.postMessage(message)
          .then(
            () => 'ok',
            (error: { statusCode: number }) => error.statusCode,
          ),
      );
    expect(answers).toEqual([503, 503, 'ok']);
    expect(slack.messages(C)).toHaveLength(1);
  });

  test('lost replies: it was posted, and who retries posts it twice', async () => {
    const slack = await slackFor();
    slack.misbehave({ faults: [{ do: 'lose', method: 'chat.*', times: 1 }] });
    await expect(client(slack).chat.postMessage(message)).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(slack.messages(C)).toHaveLength(1);
    expect(slack.calls('chat.postMessage')).toMatchObject([{ status: null, error: 'no answer' }]);
    slack.misbehave({ faults: [{ do: 'lose', times: 1 }] });
    await client(slack, undefined, { retryConfig: { retries: 1, minTimeout: 1 } }).chat.postMessage(message);
    expect(slack.messages(C)).toHaveLength(3);
  });

  test('connections that end before anything is done', async () => {
    const slack = await slackFor();
    slack.misbehave({ faults: [{ do: 'reset' }] });
    await expect(client(slack).chat.postMessage(message)).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    slack.behave();
    expect(slack.messages(C)).toHaveLength(0);
    expect(await refusal(client(slack).chat.postMessage(message))).toBe('ok');
  });

  test('silence, for a client that has a limit of its own', async () => {
    const slack = await slackFor();
    slack.misbehave({ faults: [{ do: 'hang' }] });
    await expect(client(slack, undefined, { timeout: 100 }).chat.postMessage(message)).rejects.toMatchObject({
      code: 'slack_webapi_request_error',
    });
    expect(slack.messages(C)).toHaveLength(0);
  });

  test('429 at will, with its time to wait', async () => {
    const slack = await slackFor();
    slack.misbehave({ faults: [{ do: 'throttle', method: 'views.publish', retryAfterSeconds: 7 }] });
    await expect(client(slack).views.publish({ user_id: 'U0ANA', view: { type: 'home', blocks: [] } })).rejects.toMatchObject({
      retryAfter: 7,
    });
  });

  test('latency', async () => {
    const slack = await slackFor();
    slack.misbehave({ latencyMs: [60, 80] });
    const start = performance.now();
    await client(slack).auth.test();
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  });

  test('also where an answer goes by response_url', async () => {
    const slack = await slackFor();
    const { responseUrl } = await slack.command('U0ANA', C, '/dns', '');
    slack.misbehave({ faults: [{ do: 'error', method: 'response_url', times: 1 }] });
    const respond = async () => (await fetch(responseUrl!, { method: 'POST', body: '{"text":"a"}' })).status;
    expect([await respond(), await respond()]).toEqual([500, 200]);
  });
});

describe('another process', () => {
  test('drives and reads it over HTTP', async () => {
    const slack = await slackFor();
    await client(slack).chat.postMessage({ ...message, blocks: [section('*DNS* check')] });
    const post = async (path: string, body: object, type = 'application/json') => {
      const answer = await fetch(`${slack.url}/lab/${path}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as { error?: string };
    };
    const get = (path: string) => fetch(`${slack.url}/lab/${path}`);
    expect(await post('say', { user: 'U0ANA', channel: C, text: 'hello' })).toMatchObject({ ts: expect.any(String) });
    expect(await post('command', { user: 'U0ANA', channel: C, command: '/dns', text: 'x' })).toMatchObject({ failed: 'no_connection' });
    const text = await (await get(`text?channel=${C}`)).text();
    expect(text).toMatch(/^#incidents\n\n.*dns-medic\n {2}DNS check\n\n.*@ana\n {2}hello\n/);
    const state = (await (await get('state')).json()) as { version: number; channels: { id: string; messages: object[] }[] };
    expect(state.channels.find(({ id }) => id === C)?.messages).toMatchObject([{ text: 'words' }, { text: 'hello' }]);
    expect(await (await get('calls?method=chat.postMessage')).json()).toMatchObject([
      { method: 'chat.postMessage', status: 200, error: null },
    ]);
    expect(await post('misbehave', { faults: [{ do: 'error' }] })).toEqual({ done: true });
    await expect(client(slack).auth.test()).rejects.toMatchObject({ statusCode: 500 });
    await post('behave', {});
    expect(await refusal(client(slack).auth.test())).toBe('ok');
    const waiting = get(`wait?since=${state.version}&ms=5000`);
    await post('say', { user: 'U0BEN', channel: C, text: 'more' });
    expect(((await (await waiting).json()) as { version: number }).version).toBeGreaterThan(state.version);
  });

  test('is told what it does wrong', async () => {
    const slack = await slackFor();
    const post = async (path: string, body: string, type = 'application/json') => {
      const answer = await fetch(`${slack.url}/lab/${path}`, { method: 'POST', headers: { 'content-type': type }, body });
      return [answer.status, ((await answer.json()) as { error: string }).error];
    };
    expect(await post('fly', '{}')).toEqual([400, expect.stringContaining('there is no /lab/fly to post to; there are command, mention')]);
    expect(await post('say', '{}', 'text/plain')).toEqual([400, 'the content-type must be application/json']);
    expect(await post('say', '[]')).toEqual([400, 'the body must be an object in JSON']);
    expect(await post('say', '{"user":"U0ANA"}')).toEqual([400, 'the field channel must be a string']);
    expect(await post('click', `{"user":"U0ANA","channel":"${C}","ts":"1.1","action_id":"x"}`)).toEqual([
      400,
      'ana sees no message 1.1 in incidents',
    ]);
    expect(await post('__proto__', '{}')).toEqual([400, expect.stringContaining('there is no')]);
    expect((await fetch(`${slack.url}/lab/text?channel=C0NOWHERE`)).status).toBe(400);
    expect((await fetch(`${slack.url}/anything`)).status).toBe(404);
  });
});

test('a body that is larger than Slack takes is refused', async () => {
  const slack = await slackFor();
  const answer = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', body: 'x'.repeat(5 * 1024 * 1024) }).then(
    ({ status }) => status,
    () => 'ended',
  );
  expect([413, 'ended']).toContain(answer);
  expect(await refusal(client(slack).auth.test())).toBe('ok');
});
