import { afterEach, describe, expect, test } from '@jest/globals';
import { openScene, type Scene } from './scene.ts';

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.end();
  scene = undefined;
});

const INCIDENTS = 'C0INCIDENTS';

/** A thread that people have begun: the ts of its head. */
async function thread({ slack }: Scene): Promise<string> {
  const { ts } = await slack.say('U0ANA', INCIDENTS, 'the shop is slow');
  await slack.say('U0BEN', INCIDENTS, 'DNS?', ts);
  return ts ?? '';
}

describe('a mention', () => {
  test('in a thread starts a run whose answer comes there', async () => {
    scene = await openScene();
    const head = await thread(scene);
    expect(await scene.slack.mention('U0ANA', INCIDENTS, 'check cluster-a', head)).toMatchObject({ acked: true, attempts: 1 });
    await scene.dealt(1);
    expect(scene.seen).toEqual([{ kind: 'mention', outcome: 'started', ackMs: expect.any(Number) }]);
    expect(scene.desk.asks).toMatchObject([{ place: { channel: INCIDENTS, thread: head } }]);
  });

  test('in a channel starts a run whose answer comes below it', async () => {
    scene = await openScene();
    const { ts } = await scene.slack.mention('U0ANA', INCIDENTS, 'check cluster-a');
    await scene.dealt(1);
    expect(scene.desk.asks).toMatchObject([{ place: { channel: INCIDENTS, thread: ts } }]);
  });

  test('that is delivered three times, and sent again by Slack, runs once', async () => {
    scene = await openScene();
    scene.slack.misbehave({ duplicates: 2 });
    const { delivery } = await scene.slack.mention('U0ANA', INCIDENTS, 'check cluster-a');
    await scene.slack.redeliver(delivery);
    await scene.dealt(4);
    expect(scene.desk.asks).toHaveLength(1);
  });

  test('in a thread is answered there, to the one who asked', async () => {
    scene = await openScene();
    const head = await thread(scene);
    await scene.slack.mention('U0CAT', INCIDENTS, 'check cluster-b', head);
    expect(await scene.told(INCIDENTS, 'U0CAT')).toContain('Refused');
    await scene.slack.mention('U0ANA', INCIDENTS, 'chek cluster-b', head);
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('@dns-medic check cluster-b');
    const [refusal] = scene.slack.ephemerals(INCIDENTS, 'U0CAT');
    expect(refusal).toMatchObject({ threadTs: head });
    expect(scene.slack.remarks()).toEqual([]);
  });

  test('alone is answered with what one can ask for', async () => {
    scene = await openScene();
    await scene.slack.mention('U0ANA', INCIDENTS, '');
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('You may check: cluster-a');
  });

  test('asks for the newest run of the thread, or of the channel', async () => {
    scene = await openScene();
    const head = await thread(scene);
    await scene.slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    await scene.slack.mention('U0ANA', INCIDENTS, 'check cluster-b', head);
    await scene.dealt(2);
    await scene.slack.mention('U0BEN', INCIDENTS, 'status', head);
    expect(await scene.told(INCIDENTS, 'U0BEN')).toContain('run 0000000002');
    await scene.slack.mention('U0BEN', INCIDENTS, 'status');
    expect(await scene.told(INCIDENTS, 'U0BEN', 1)).toContain('run 0000000001');
  });

  test('by another bot is not answered', async () => {
    scene = await openScene();
    await scene.slack.mention('U0ROBOT', INCIDENTS, 'check cluster-a');
    await scene.dealt(1);
    expect(scene.seen).toMatchObject([{ outcome: 'refused' }]);
    expect(scene.desk.asks).toEqual([]);
  });

  test('is answered when Redis is away', async () => {
    scene = await openScene();
    scene.desk.state = 'dead';
    await scene.slack.mention('U0ANA', INCIDENTS, 'check cluster-a');
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('Redis');
  });
});

describe('the shortcut', () => {
  test('opens the form, and its run is answered in the thread of the message', async () => {
    scene = await openScene();
    const { slack } = scene;
    const head = await thread(scene);
    const [reply] = slack.replies(INCIDENTS, head);
    expect(await slack.shortcut('U0ANA', INCIDENTS, reply?.ts ?? '', 'dns_check_here')).toMatchObject({ acked: true });
    const form = await slack.until(() => slack.modal('U0ANA')?.['callback_id'] === 'dns_check' && slack.modal('U0ANA'));
    expect(JSON.stringify(form)).toMatch(/cluster-a.*cluster-b/);
    expect(JSON.stringify(form)).not.toContain('secret-c');
    const sent = await slack.submit('U0ANA', String(form['id']), { cluster: 'cluster-b', pod: 'shop/cart', quick: ['quick'] });
    expect(sent).toMatchObject({ acked: true, errors: null });
    await slack.until(() => slack.modalText('U0ANA').includes('queued'));
    expect(scene.desk.asks).toMatchObject([
      { request: { cluster: 'cluster-b', pod: 'shop/cart', quick: true, names: [] }, place: { channel: INCIDENTS, thread: head } },
    ]);
    await scene.dealt(2);
    expect(scene.seen).toMatchObject([
      { kind: 'shortcut', outcome: 'form' },
      { kind: 'submission', outcome: 'started' },
    ]);
    // After a form was sent, nobody tells its hash.
    expect(slack.remarks()).toEqual(['views.update: without hash, so that it may write over a newer view']);
  });

  test('says in the window why somebody may not', async () => {
    scene = await openScene();
    const { slack } = scene;
    await slack.shortcut('U0GUEST', INCIDENTS, await thread(scene), 'dns_check_here');
    await scene.dealt(1);
    expect(slack.modalText('U0GUEST')).toContain('uests');
    expect(scene.seen).toMatchObject([{ outcome: 'refused' }]);
  });

  test('is answered in words when no window can be opened any more', async () => {
    scene = await openScene();
    const { slack } = scene;
    slack.misbehave({ faults: [{ do: 'error', method: 'views.open' }] });
    await slack.shortcut('U0ANA', INCIDENTS, await thread(scene), 'dns_check_here');
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('You may check: cluster-a');
  });
});

describe('the form', () => {
  const open = async ({ slack }: Scene, user = 'U0ANA', channel = INCIDENTS): Promise<string> => {
    await slack.command(user, channel, '/dns', '');
    const form = await slack.until(() => slack.modal(user)?.['callback_id'] === 'dns_check' && slack.modal(user));
    return String(form['id']);
  };

  test('is what the command alone opens; its run is answered in the channel', async () => {
    scene = await openScene();
    await scene.slack.submit('U0ANA', await open(scene), { cluster: 'cluster-a', name: 'https://api.example.com/' });
    await scene.dealt(2);
    expect(scene.desk.asks).toMatchObject([{ place: { channel: INCIDENTS, thread: null }, request: { names: ['api.example.com'] } }]);
  });

  test('says at its fields what is wrong, and stays open', async () => {
    scene = await openScene();
    const form = await open(scene);
    const sent = await scene.slack.submit('U0ANA', form, { cluster: 'cluster-a', pod: 'cart', name: 'a..b', node: 'No Node' });
    expect(Object.keys(sent.errors ?? {}).toSorted()).toEqual(['name', 'node', 'pod']);
    expect(scene.desk.asks).toEqual([]);
    expect(await scene.slack.submit('U0ANA', form, { cluster: 'cluster-a', pod: 'shop/cart' })).toMatchObject({ errors: null });
    await scene.dealt(3);
    expect(scene.desk.asks).toHaveLength(1);
  });

  test('says in the window that Redis is away', async () => {
    scene = await openScene();
    const { slack } = scene;
    const form = await open(scene);
    scene.desk.state = 'dead';
    await slack.submit('U0ANA', form, { cluster: 'cluster-a' });
    expect(await slack.until(() => slack.modalText('U0ANA').includes('Redis'))).toBe(true);
  });

  test('may be closed before it is there', async () => {
    scene = await openScene();
    const { slack } = scene;
    slack.misbehave({ faults: [{ do: 'hang', method: 'users.info', ms: 500, times: 1 }] });
    await slack.command('U0ANA', INCIDENTS, '/dns', '');
    const loading = await slack.until(() => slack.modal('U0ANA'));
    await slack.closeModal('U0ANA', String(loading['id']));
    await scene.dealt(1);
    expect(scene.seen).toMatchObject([{ outcome: 'form' }]);
    expect(slack.ephemerals(INCIDENTS, 'U0ANA')).toEqual([]);
  });

  test('that was closed after it was sent does not keep the answer back', async () => {
    scene = await openScene();
    const { slack } = scene;
    const form = await open(scene);
    slack.misbehave({ faults: [{ do: 'error', method: 'views.update' }] });
    scene.desk.state = 'dead';
    await slack.submit('U0ANA', form, { cluster: 'cluster-a' });
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('Redis');
  });

  test('of somebody who may check nothing is not offered', async () => {
    scene = await openScene();
    const { slack } = scene;
    await slack.command('U0CAT', INCIDENTS, '/dns', ' ');
    await slack.until(() => slack.modalText('U0CAT').includes('You may not check any cluster'));
    expect(slack.modal('U0CAT')).not.toHaveProperty('callback_id', 'dns_check');
  });
});

describe('the Home tab', () => {
  test('shows the clusters and runs that its owner may see, and opens the form', async () => {
    scene = await openScene();
    const { slack } = scene;
    await slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    await scene.dealt(1);
    await slack.openHome('U0ANA');
    const text = await slack.until(() => slack.homeText('U0ANA') || null);
    expect(text).toContain('cluster-b');
    expect(text).not.toContain('secret-c');
    expect(text).toContain('0000000001');
    await slack.clickInView('U0ANA', 'home', 'dns_open_form');
    const form = await slack.until(() => slack.modal('U0ANA')?.['callback_id'] === 'dns_check' && slack.modal('U0ANA'));
    await slack.submit('U0ANA', String(form['id']), { cluster: 'cluster-b' });
    await scene.dealt(4);
    expect(scene.desk.asks.at(-1)).toMatchObject({ place: { channel: 'D0ANA', thread: null }, channel: { kind: 'direct' } });
  });

  test('shows nothing of ours to a guest', async () => {
    scene = await openScene();
    await scene.slack.openHome('U0GUEST');
    const text = await scene.slack.until(() => scene?.slack.homeText('U0GUEST') || null);
    expect(text).not.toMatch(/cluster-a|cluster-b|secret-c/);
    expect(scene.desk.calls).toEqual({ first: 1 });
  });

  test('says that Redis is away, and is whole again when it is opened the next time', async () => {
    scene = await openScene();
    const { slack } = scene;
    scene.desk.state = 'dead';
    await slack.openHome('U0ANA');
    await slack.until(() => slack.homeText('U0ANA').includes('Redis'));
    scene.desk.state = 'well';
    await slack.openHome('U0ANA');
    expect(await slack.until(() => slack.homeText('U0ANA').includes('cluster-a'))).toBe(true);
  });
});

describe('a button', () => {
  const post = async ({ slack, door }: Scene, actionId: string, value: string, more: object = {}): Promise<string> => {
    const button = { type: 'button', action_id: actionId, value, text: { type: 'plain_text', text: 'Press' }, ...more };
    const { ts } = await door.client.chat.postMessage({
      channel: INCIDENTS,
      text: 'a button',
      blocks: [{ type: 'actions', elements: [button as any] }],
    });
    expect(slack.messages(INCIDENTS).some((message) => message.ts === ts)).toBe(true);
    return ts ?? '';
  };

  test('ends a run, for those who may', async () => {
    scene = await openScene();
    const { slack } = scene;
    await slack.command('U0ANA', INCIDENTS, '/dns', 'check cluster-a');
    await scene.dealt(1);
    const ts = await post(scene, 'dns_cancel', '0000000001');
    expect(await slack.click('U0BEN', INCIDENTS, ts, 'dns_cancel')).toMatchObject({ acked: true });
    expect(await scene.told(INCIDENTS, 'U0BEN')).toContain('Refused');
    expect(scene.desk.calls['cancel']).toBeUndefined();
    await slack.click('U0ANA', INCIDENTS, ts, 'dns_cancel');
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('is cancelled');
    expect(slack.messages(INCIDENTS).find((message) => message.ts === ts)?.text).toBe('a button');
  });

  test.each([
    ['dns_restart_coredns', '0000000001'],
    ['dns_cancel', 'rm -rf /'],
  ])('that nobody knows (%s %s) is acknowledged, and said to be of no use', async (actionId, value) => {
    scene = await openScene();
    const ts = await post(scene, actionId, value);
    expect(await scene.slack.click('U0ANA', INCIDENTS, ts, actionId)).toMatchObject({ acked: true });
    expect(await scene.told(INCIDENTS, 'U0ANA')).toContain('not active any more');
  });

  test('that is a link needs no answer', async () => {
    scene = await openScene();
    const ts = await post(scene, 'a_link', 'x', { url: 'https://example.com' });
    expect(await scene.slack.click('U0ANA', INCIDENTS, ts, 'a_link')).toMatchObject({ acked: true });
    await scene.door.stop();
    expect(scene.seen).toEqual([]);
    expect(scene.slack.ephemerals(INCIDENTS, 'U0ANA')).toEqual([]);
  });

  test('in a shared channel is of no use to an outsider', async () => {
    scene = await openScene();
    const { slack, door } = scene;
    const { ts } = await door.client.chat.postMessage({
      channel: 'C0PARTNER',
      text: 'a button',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'dns_cancel', value: '0000000001', text: { type: 'plain_text', text: 'End' } }],
        },
      ],
    });
    await slack.click('U0EXT', 'C0PARTNER', ts ?? '', 'dns_cancel', undefined, { force: true });
    expect(await scene.told('C0PARTNER', 'U0EXT')).toContain('another organisation');
    expect(scene.desk.calls).toEqual({ first: 1 });
  });
});
