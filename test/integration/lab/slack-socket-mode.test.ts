import { afterEach, describe, expect, test } from '@jest/globals';
import type { App } from '@slack/bolt';
import { WebSocket } from 'ws';
import { button, C, client, closeAll, plain, refusal, slackFor, sleep, socketApp } from './slack.ts';

afterEach(closeAll);

describe('a real Bolt app in Socket Mode', () => {
  test('hears a command, acknowledges it, and answers where it was typed', async () => {
    const slack = await slackFor();
    const heard: object[] = [];
    await socketApp(slack, (app) => {
      app.command('/dns', async ({ ack, body, client: web, respond }) => {
        heard.push(body);
        await ack();
        await web.chat.postMessage({ channel: body.channel_id, text: 'DNS check' });
        await respond({ text: 'only for you' });
        await respond({ text: 'for all', response_type: 'in_channel' });
      });
    });
    const told = await slack.command('U0ANA', C, '/dns', 'check cluster-a @ben');
    expect(told).toMatchObject({ acked: true, attempts: 1, failed: null, shown: null });
    expect(told.ackMs).toBeGreaterThan(0);
    await slack.until(() => slack.messages(C).length === 2);
    expect(heard).toEqual([
      expect.objectContaining({
        command: '/dns',
        text: 'check cluster-a <@U0BEN|ben>',
        user_id: 'U0ANA',
        user_name: 'ana',
        channel_id: C,
        channel_name: 'incidents',
        team_id: 'T0LAB',
        response_url: told.responseUrl,
        trigger_id: told.triggerId,
      }),
    ]);
    expect(slack.messages(C).map(({ text }) => text)).toEqual(['DNS check', 'for all']);
    expect(slack.ephemerals(C, 'U0ANA').map(({ text }) => text)).toEqual(['only for you']);
  });

  test('answers with its acknowledgement', async () => {
    const slack = await slackFor();
    await socketApp(slack, (app) => app.command('/dns', ({ ack }) => ack('usage: /dns check CLUSTER')));
    await slack.command('U0ANA', C, '/dns', '');
    expect(slack.ephemerals(C, 'U0ANA').map(({ text }) => text)).toEqual(['usage: /dns check CLUSTER']);
  });

  test('hears a mention, in a thread too, with the thread in it', async () => {
    const slack = await slackFor();
    const heard: object[] = [];
    await socketApp(slack, (app) => {
      app.event('app_mention', async ({ event, say }) => {
        heard.push(event);
        await say({ text: 'on it', thread_ts: event.thread_ts ?? event.ts });
      });
    });
    const { ts } = await slack.say('U0BEN', C, 'lookups fail');
    const told = await slack.mention('U0ANA', C, 'check cluster-a name=amazon.com', ts);
    expect(told.acked).toBe(true);
    expect(heard).toMatchObject([
      { user: 'U0ANA', channel: C, thread_ts: ts, text: '<@U0MEDIC> check cluster-a name=<http://amazon.com|amazon.com>' },
    ]);
    await slack.until(() => slack.replies(C, ts!).length === 2);
    expect(slack.threadText(C, ts!)).toContain('on it');
  });

  test('does not hear what is said where it is not, and the person is told', async () => {
    const slack = await slackFor();
    await socketApp(slack, () => undefined);
    expect(await slack.mention('U0ANA', 'C0GENERAL', 'check cluster-a')).toMatchObject({
      acked: false,
      attempts: 0,
      shown: expect.stringContaining('not in this channel'),
    });
  });

  test('hears a shortcut from a message, and a click on a button of its own', async () => {
    const slack = await slackFor();
    const heard: object[] = [];
    await socketApp(slack, (app) => {
      app.shortcut('dns_check_here', async ({ ack, shortcut, client: web }) => {
        await ack();
        heard.push(shortcut);
        const blocks = [{ type: 'actions', elements: [button('cancel', 'run-1'), button('cancel_all', 'run-2')] }] as never[];
        await web.chat.postMessage({ channel: C, text: 'card', blocks });
      });
      app.action('cancel', async ({ ack, body, action, respond }) => {
        await ack();
        heard.push(body, action);
        await respond({ text: 'cancelled', replace_original: true });
      });
    });
    const { ts } = await slack.say('U0BEN', C, 'lookups fail');
    await slack.shortcut('U0ANA', C, ts!, 'dns_check_here');
    const card = await slack.until(() => slack.messages(C)[1]);
    expect(await slack.click('U0BEN', C, card.ts, 'cancel')).toMatchObject({ acked: true });
    await slack.until(() => card.text === 'cancelled');
    expect(heard).toMatchObject([
      {
        type: 'message_action',
        callback_id: 'dns_check_here',
        message_ts: ts,
        message: { text: 'lookups fail' },
        user: { id: 'U0ANA', team_id: 'T0LAB' },
      },
      { type: 'block_actions', container: { message_ts: card.ts, is_ephemeral: false }, channel: { id: C }, user: { id: 'U0BEN' } },
      { action_id: 'cancel', value: 'run-1', type: 'button' },
    ]);
    expect(card.blocks).toBeNull();
    await expect(slack.click('U0BEN', C, card.ts, 'cancel')).rejects.toThrow('nothing there is called cancel');
    await expect(slack.click('U0BEN', C, '1.1', 'cancel')).rejects.toThrow('ben sees no message 1.1');
  });

  test('opens a form, which its user fills in, and the form comes back', async () => {
    const slack = await slackFor();
    const values: object[] = [];
    await socketApp(slack, (app) => {
      app.command('/dns', async ({ ack, body, client: web }) => {
        await ack();
        await web.views.open({ trigger_id: body.trigger_id, view: FORM as never });
      });
      app.view('check', async ({ ack, view }) => {
        values.push(view.state.values);
        const name = view.state.values['name']?.['name']?.value ?? '';
        await (name.includes(' ') ? ack({ response_action: 'errors', errors: { name: 'no spaces' } }) : ack());
      });
    });
    await slack.command('U0ANA', C, '/dns', '');
    const modal = await slack.until(() => slack.modal('U0ANA'));
    const id = modal['id'] as string;
    expect(slack.modalText('U0ANA')).toContain('Cluster: [choose ▾]');
    await expect(slack.submit('U0ANA', id, { name: 'a' })).rejects.toThrow('the field cluster must be filled in');
    expect(await slack.submit('U0ANA', id, { cluster: 'b', name: 'a b' })).toMatchObject({ acked: true, errors: { name: 'no spaces' } });
    expect(slack.modal('U0ANA')).not.toBeNull();
    expect(await slack.submit('U0ANA', id, { cluster: 'b', name: 'a.b' })).toMatchObject({ acked: true, errors: null });
    expect(slack.modal('U0ANA')).toBeNull();
    expect(values.at(-1)).toMatchObject({ cluster: { cluster: { selected_option: { value: 'b' } } }, name: { name: { value: 'a.b' } } });
  });

  test('fills the Home tab of who looks at it', async () => {
    const slack = await slackFor();
    await socketApp(slack, (app) => {
      app.event('app_home_opened', async ({ event, client: web }) => {
        await web.views.publish({
          user_id: event.user,
          view: { type: 'home', blocks: [{ type: 'header', text: plain(`Hello ${event.user}`) }] },
        });
      });
    });
    expect((await slack.openHome('U0CAT')).acked).toBe(true);
    await slack.until(() => slack.home('U0CAT'));
    expect(slack.homeText('U0CAT')).toContain('Hello U0CAT');
    expect(slack.home('U0ANA')).toBeNull();
  });
});

describe('who may type a command', () => {
  test('nobody deactivated, nobody from elsewhere, nobody who does not see the channel; unless it is forced', async () => {
    const slack = await slackFor();
    await socketApp(slack, (app) => app.command('/dns', ({ ack }) => ack()));
    await expect(slack.command('U0GONE', C, '/dns', 'help')).rejects.toThrow('deactivated');
    await expect(slack.command('U0GUEST', 'C0GENERAL', '/dns', 'help')).rejects.toThrow('does not see general');
    expect(await slack.command('U0EXT', 'C0PARTNER', '/dns', 'help')).toMatchObject({
      acked: false,
      shown: expect.stringContaining('not a valid command'),
    });
    expect(await slack.command('U0ANA', C, '/other', '')).toMatchObject({
      acked: false,
      shown: expect.stringContaining('not a valid command'),
    });
    expect(await slack.command('U0ANA', 'C0ARCHIVE', '/dns', '')).toMatchObject({ acked: false, shown: 'This channel is archived.' });
    expect(await slack.command('U0EXT', 'C0PARTNER', '/dns', 'help', { force: true })).toMatchObject({ acked: true });
    expect(await slack.command('U0GONE', C, '/dns', 'help', { force: true })).toMatchObject({ acked: true });
  });
});

describe('when nobody acknowledges', () => {
  test('a command has timed out, and its user sees it', async () => {
    const slack = await slackFor({ timing: { ack: 200 } });
    await socketApp(slack, (app) => app.command('/dns', async () => void (await sleep(400))));
    expect(await slack.command('U0ANA', C, '/dns', 'x')).toMatchObject({
      acked: false,
      failed: 'timeout',
      attempts: 1,
      shown: '/dns failed with the error "operation_timeout"',
    });
    expect(slack.ephemerals(C, 'U0ANA').map(({ text }) => text)).toEqual(['/dns failed with the error "operation_timeout"']);
  });

  test('with no connection at all a command fails at once', async () => {
    const slack = await slackFor();
    expect(await slack.command('U0ANA', C, '/dns', 'x')).toMatchObject({
      acked: false,
      failed: 'no_connection',
      shown: '/dns failed with the error "dispatch_failed"',
    });
  });

  test('an event comes again at once and later, with the count and the reason, and stops when it is acknowledged', async () => {
    const slack = await slackFor({ timing: { ack: 100, retries: [0, 150, 300] } });
    const heard: object[] = [];
    const { url } = await client(slack, slack.seed.app.appToken).apps.connections.open();
    const socket = new WebSocket(url!);
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { type: string; envelope_id: string; retry_attempt?: number };
      if (frame.type === 'hello') return;
      heard.push(frame);
      if (frame.retry_attempt === 2) socket.send(JSON.stringify({ envelope_id: frame.envelope_id }));
    });
    await slack.until(() => slack.socketCount() === 1);
    expect(await slack.mention('U0ANA', C, 'check')).toMatchObject({ acked: false, attempts: 2, failed: 'timeout' });
    await slack.until(() => heard.length === 3);
    await sleep(500);
    expect(heard).toMatchObject([
      { type: 'events_api' },
      { retry_attempt: 1, retry_reason: 'timeout' },
      { retry_attempt: 2, retry_reason: 'timeout' },
    ]);
    const [first, ...again] = heard as { envelope_id: string; payload: { event_id: string } }[];
    expect(again.map(({ payload }) => payload.event_id)).toEqual([first!.payload.event_id, first!.payload.event_id]);
    expect(new Set([first!, ...again].map(({ envelope_id }) => envelope_id)).size).toBe(3);
    socket.terminate();
  });
});

describe('connections', () => {
  const ping = (app: App): void => app.command('/dns', ({ ack }) => ack());

  test('that were dropped are opened again', async () => {
    const slack = await slackFor({ timing: { ack: 500 } });
    await socketApp(slack, ping);
    slack.dropSockets();
    await slack.until(() => slack.socketCount() === 0);
    await slack.until(() => slack.socketCount() === 1);
    expect((await slack.command('U0ANA', C, '/dns', '')).acked).toBe(true);
  });

  test('that Slack renews come again, after a warning', async () => {
    const slack = await slackFor({ timing: { refreshWarning: 50 } });
    await socketApp(slack, ping);
    slack.refreshSockets();
    await slack.until(() => slack.calls('apps.connections.open').length === 2 && slack.socketCount() === 1);
    await sleep(100);
    expect((await slack.command('U0ANA', C, '/dns', '')).acked).toBe(true);
  });

  test('that are dropped again and again come again and again', async () => {
    const slack = await slackFor();
    await socketApp(slack, ping);
    slack.misbehave({ dropSocketsEveryMs: 250 });
    await slack.until(() => slack.calls('apps.connections.open').length >= 4);
    slack.behave();
    await sleep(300);
    await slack.until(() => slack.socketCount() === 1);
    expect((await slack.command('U0ANA', C, '/dns', '')).acked).toBe(true);
  });

  test('share what comes: each envelope goes to one of them', async () => {
    const slack = await slackFor();
    const heard = [0, 0];
    for (const which of [0, 1]) {
      await socketApp(slack, (app) =>
        app.command('/dns', async ({ ack }) => {
          heard[which]! += 1;
          await ack();
        }),
      );
    }
    for (let i = 0; i < 30; i += 1) await slack.command('U0ANA', C, '/dns', String(i));
    await slack.until(() => heard[0]! + heard[1]! >= 30);
    expect(heard[0]! + heard[1]!).toBe(30);
    expect(Math.min(...heard)).toBeGreaterThan(3);
  });

  test('are ten at most, and only for those who were given an address', async () => {
    const slack = await slackFor();
    const opened: WebSocket[] = [];
    const opener = client(slack, slack.seed.app.appToken);
    for (let i = 0; i < 10; i += 1) {
      const { url } = await opener.apps.connections.open();
      const socket = new WebSocket(url!);
      opened.push(socket);
      await new Promise((resolve) => socket.once('message', resolve));
    }
    expect(await refusal(opener.apps.connections.open())).toBe('too_many_websockets');
    for (const socket of opened) socket.terminate();
    const stranger = new WebSocket(`${slack.url.replace('http', 'ws')}/link/?ticket=none`);
    expect(await new Promise((resolve) => stranger.once('error', ({ message }) => resolve(message)))).toContain('401');
  });
});

test('the same envelope can come several times, and Bolt hears it as often', async () => {
  const slack = await slackFor();
  const heard: string[] = [];
  await socketApp(slack, (app) =>
    app.command('/dns', async ({ ack, body }) => {
      heard.push(body.trigger_id);
      await ack();
    }),
  );
  slack.misbehave({ duplicates: 2 });
  const { delivery } = await slack.command('U0ANA', C, '/dns', 'once');
  await slack.until(() => heard.length === 3);
  slack.behave();
  await slack.redeliver(delivery);
  expect(heard).toHaveLength(4);
  expect(new Set(heard).size).toBe(1);
  expect(slack.remarks()).toContain('Socket Mode: an acknowledgement too late, or twice');
});

const FORM = {
  type: 'modal',
  callback_id: 'check',
  title: plain('Check'),
  submit: plain('Check'),
  blocks: [
    {
      type: 'input',
      block_id: 'cluster',
      label: plain('Cluster'),
      element: { type: 'static_select', action_id: 'cluster', options: ['a', 'b'].map((value) => ({ text: plain(value), value })) },
    },
    { type: 'input', block_id: 'name', optional: true, label: plain('Name'), element: { type: 'plain_text_input', action_id: 'name' } },
  ],
};
