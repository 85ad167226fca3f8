import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { signature } from '../../../src/lab/slack/delivery/http.ts';
import { button, C, closeAll, httpApp, plain, slackFor, sleep } from './slack.ts';

afterEach(closeAll);

describe('a real Bolt app behind HTTP', () => {
  test('takes commands, mentions, clicks and forms that are signed', async () => {
    const slack = await slackFor();
    const heard: string[] = [];
    await httpApp(slack, (app) => {
      app.command('/dns', async ({ ack, body, client, respond }) => {
        heard.push(`command ${body.text}`);
        await ack();
        await client.chat.postMessage({
          channel: body.channel_id,
          text: 'card',
          blocks: [{ type: 'actions', elements: [button('go', '1')] }],
        });
        await respond('only for you');
      });
      app.event('app_mention', async ({ event }) => void heard.push(`mention ${event.text}`));
      app.action('go', async ({ ack, body, client }) => {
        heard.push('click');
        await ack();
        await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: FORM });
      });
      app.view('form', async ({ ack }) => {
        heard.push('form');
        await ack({ response_action: 'update', view: { ...FORM, title: plain('Thanks'), blocks: [{ type: 'divider' }] } });
      });
    });
    expect(await slack.command('U0ANA', C, '/dns', 'check a&b')).toMatchObject({ acked: true, attempts: 1 });
    expect(await slack.mention('U0ANA', C, 'check')).toMatchObject({ acked: true });
    const card = await slack.until(() => slack.messages(C).find(({ text }) => text === 'card'));
    expect(await slack.click('U0ANA', C, card.ts, 'go')).toMatchObject({ acked: true });
    const modal = await slack.until(() => slack.modal('U0ANA'));
    expect(await slack.submit('U0ANA', modal['id'] as string, { words: 'a' })).toMatchObject({ acked: true, errors: null });
    expect(slack.modalText('U0ANA')).toContain('Thanks');
    await slack.until(() => slack.ephemerals(C, 'U0ANA').some(({ text }) => text === 'only for you'));
    expect(heard).toEqual(['command check a&amp;b', 'mention <@U0MEDIC> check', 'click', 'form']);
  });

  test('refuses what is signed with another secret', async () => {
    const slack = await slackFor();
    let heard = 0;
    await httpApp(slack, (app) => app.command('/dns', async ({ ack }) => (heard++, ack())), 'another secret');
    expect(await slack.command('U0ANA', C, '/dns', 'x')).toMatchObject({
      acked: false,
      failed: 'http_error',
      shown: '/dns failed with the error "http_service_error"',
    });
    expect(heard).toBe(0);
  });

  test('hears a request as often as it is delivered', async () => {
    const slack = await slackFor();
    let heard = 0;
    await httpApp(slack, (app) => app.command('/dns', async ({ ack }) => (heard++, ack())));
    slack.misbehave({ duplicates: 2 });
    const { delivery } = await slack.command('U0ANA', C, '/dns', 'x');
    expect(heard).toBe(3);
    slack.behave();
    await slack.redeliver(delivery);
    expect(heard).toBe(4);
  });
});

describe('deliveries over HTTP', () => {
  type Heard = { headers: IncomingMessage['headers']; body: string };

  /** A server that answers as it is told, and remembers what it heard. */
  async function listener(answer: (response: ServerResponse, count: number) => void) {
    const heard: Heard[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => answer(response, heard.push({ headers: request.headers, body })));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return { heard, url: `http://127.0.0.1:${port}/`, close: () => (server.closeAllConnections(), server.close()) };
  }

  test('are signed over time and body', async () => {
    const app = await listener((response) => response.end());
    const slack = await slackFor({ deliverTo: app.url });
    await slack.command('U0ANA', C, '/dns', 'check ü');
    const [{ headers, body }] = app.heard as [Heard];
    const timestamp = Number(headers['x-slack-request-timestamp']);
    expect(Math.abs(timestamp - Date.now() / 1_000)).toBeLessThan(5);
    expect(headers['x-slack-signature']).toBe(signature('lab-signing-secret', timestamp, body));
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(new URLSearchParams(body).get('text')).toBe('check ü');
    app.close();
  });

  test('of events come again with the count and the reason, until they are taken', async () => {
    const app = await listener((response, count) => response.writeHead(count < 3 ? 500 : 200).end());
    const slack = await slackFor({ deliverTo: app.url, timing: { retries: [0, 50, 100] } });
    expect(await slack.mention('U0ANA', C, 'check')).toMatchObject({ acked: false, attempts: 2, failed: 'http_error' });
    await slack.until(() => app.heard.length === 3);
    await sleep(250);
    expect(app.heard.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
    ]);
    app.close();
  });

  test('of events do not come again to who wants no more', async () => {
    const app = await listener((response) => response.writeHead(500, { 'x-slack-no-retry': '1' }).end());
    const slack = await slackFor({ deliverTo: app.url, timing: { retries: [0, 10, 10] } });
    await slack.mention('U0ANA', C, 'check');
    await sleep(150);
    expect(app.heard).toHaveLength(1);
    app.close();
  });

  test('that nobody answers in time have failed, and so have those that reach nobody', async () => {
    const app = await listener(() => undefined);
    const slack = await slackFor({ deliverTo: app.url, timing: { ack: 100 } });
    expect(await slack.command('U0ANA', C, '/dns', 'x')).toMatchObject({
      acked: false,
      failed: 'http_timeout',
      shown: '/dns failed with the error "operation_timeout"',
    });
    app.close();
    expect(await slack.command('U0ANA', C, '/dns', 'x')).toMatchObject({
      acked: false,
      failed: 'connection_failed',
      shown: '/dns failed with the error "dispatch_failed"',
    });
  });

  test('words in the answer to a command are said to who typed it', async () => {
    const app = await listener((response) => response.end('just words'));
    const slack = await slackFor({ deliverTo: app.url });
    await slack.command('U0ANA', C, '/dns', 'x');
    expect(slack.ephemerals(C, 'U0ANA').map(({ text }) => text)).toEqual(['just words']);
    app.close();
  });
});

describe('a response_url', () => {
  async function withUrl(timing = {}) {
    const slack = await slackFor({ timing });
    const { responseUrl } = await slack.command('U0ANA', 'C0GENERAL', '/dns', 'x');
    const respond = async (body: object | string) => {
      const answer = await fetch(responseUrl!, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
      return [answer.status, ((await answer.json()) as { error?: string }).error ?? null];
    };
    return { slack, respond };
  }

  test('works five times, also where the bot is not', async () => {
    const { slack, respond } = await withUrl();
    for (let i = 0; i < 5; i += 1) expect(await respond({ text: `answer ${i}` })).toEqual([200, null]);
    expect(await respond({ text: 'one too many' })).toEqual([404, 'used_url']);
    expect(slack.text('C0GENERAL')).toContain('(only visible to @ana)\n  answer 4');
    expect(slack.messages('C0GENERAL')).toEqual([]);
  });

  test('works for its time only', async () => {
    const { respond } = await withUrl({ responseUrl: 30 });
    await sleep(50);
    expect(await respond({ text: 'late' })).toEqual([404, 'expired_url']);
  });

  test('takes what a message may be, and nothing else', async () => {
    const { respond } = await withUrl();
    expect(await respond('no json')).toEqual([400, 'invalid_payload']);
    expect(await respond({})).toEqual([400, 'no_text']);
    expect(await respond({ text: 'a', blocks: [{ type: 'nonsense' }] })).toEqual([400, 'invalid_blocks']);
  });

  test('changes and deletes the message that was pressed, an ephemeral one too', async () => {
    const slack = await slackFor();
    await httpApp(slack, (app) => {
      app.command('/dns', ({ ack }) =>
        ack({ text: 'form', blocks: [{ type: 'actions', elements: [button('again', '1'), button('away', '2')] }] }),
      );
      app.action('again', async ({ ack, respond }) => {
        await ack();
        await respond({ text: 'changed', blocks: [{ type: 'actions', elements: [button('away', '2')] }], replace_original: true });
      });
      app.action('away', async ({ ack, respond }) => {
        await ack();
        await respond({ delete_original: true });
      });
    });
    await slack.command('U0ANA', C, '/dns', '');
    const { ts } = slack.ephemerals(C, 'U0ANA')[0]!;
    await expect(slack.click('U0BEN', C, ts, 'again')).rejects.toThrow('ben sees no message');
    await slack.click('U0ANA', C, ts, 'again');
    await slack.until(() => slack.ephemerals(C, 'U0ANA')[0]?.text === 'changed');
    await slack.click('U0ANA', C, ts, 'away');
    await slack.until(() => slack.ephemerals(C, 'U0ANA').length === 0);
    expect(slack.ephemerals(C, 'U0ANA')).toEqual([]);
  });
});

const FORM = {
  type: 'modal' as const,
  callback_id: 'form',
  title: plain('Form'),
  submit: plain('Send'),
  blocks: [{ type: 'input' as const, label: plain('Words'), element: { type: 'plain_text_input' as const, action_id: 'words' } }],
};
