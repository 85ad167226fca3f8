import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { cipherOf } from '../../../src/access/cipher.ts';
import type { Policy } from '../../../src/domain/access.ts';
import type { Change } from '../../../src/domain/change.ts';
import { openCaptureFiles } from '../../../src/queue/capture-files.ts';
import { connectRedis, endRedis } from '../../../src/queue/connect.ts';
import { result, yes } from '../../access/changes/orders.ts';
import { person } from '../../access/people.ts';
import { CHANGE, proposed, RUN, VALUE } from '../../slack/changes/scene.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { openScene, type Scene } from './scene.ts';

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.end();
  scene = undefined;
});

/** On call (Ana, Ben) may ask and approve, Cat may look. cluster-a is production. */
const POLICY: Policy = {
  team: 'T0LAB',
  rules: [
    { clusters: ['cluster-a'], users: [], groups: ['S0SRE'], channels: ['any'], may: ['check', 'read', 'request', 'approve'] },
    { clusters: ['cluster-a'], users: ['U0CAT'], groups: [], channels: ['any'], may: ['read'] },
  ],
  environments: { 'cluster-a': 'production' },
};
const quiet = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
const [INCIDENTS, WAR] = ['C0INCIDENTS', 'C0WAR'];
const byAna = { ...yes('U0ANA', { channel: INCIDENTS }), person: person({ user: 'U0ANA', team: 'T0LAB', groups: ['S0SRE'] }) };

/** A bot with one order, and a message with these buttons of it in the thread of each place. */
async function withOrder(life: Partial<Change>, actions: string[], options: Parameters<typeof openScene>[0] = {}) {
  const opened = await openScene({ policy: POLICY, ...options });
  scene = opened;
  const { slack, desk, door } = opened;
  const record = { ...proposed(life), places: [] };
  desk.runs.set(RUN, record);
  const post = async (channel: string): Promise<{ channel: string; thread: string; ts: string }> => {
    const { ts: thread = '' } = await door.client.chat.postMessage({ channel, text: 'the card', ...quiet });
    const elements = actions.map((action_id) => ({ type: 'button', action_id, value: VALUE, text: { type: 'plain_text', text: 'Press' } }));
    const { ts = '' } = await door.client.chat.postMessage({
      channel,
      thread_ts: thread,
      text: 'an order',
      ...quiet,
      blocks: [{ type: 'actions', elements: elements as any }],
    });
    return { channel, thread, ts };
  };
  const places = [await post(INCIDENTS), await post(WAR)];
  record.places.push(...(places.map(({ channel, thread }) => ({ channel, thread, askers: [] })) as never[]));
  const elsewhere = await post('D0ANA');
  const form = async (user: string): Promise<string> => {
    const open = await slack.until(() => (slack.modal(user)?.['submit'] ? slack.modal(user) : null));
    return String(open['id']);
  };
  return { ...opened, slack, desk, post: places[0]!, war: places[1]!, elsewhere, form, order: () => desk.runs.get(RUN)!.changes![0]! };
}

describe('an order in Slack', () => {
  test('is asked for by one and approved by another, over a restart of the bot, and put into the queue once', async () => {
    const { slack, desk, post, form, order } = await withOrder({}, ['dns_review', 'dns_approve', 'dns_decline']);
    const press = (user: string, action: string) => slack.click(user, post.channel, post.ts, action);
    expect(await press('U0ANA', 'dns_review')).toMatchObject({ acked: true });
    const asked = await form('U0ANA');
    expect(Object.keys((await slack.submit('U0ANA', asked, { reason: ' ', typed_name: 'cluster-b' })).errors ?? {})).toHaveLength(2);
    expect(order().state).toBe('proposed');
    expect(await slack.submit('U0ANA', asked, { reason: 'it hangs', typed_name: 'cluster-a' })).toMatchObject({ errors: null });
    await slack.until(() => slack.modalText('U0ANA').includes('Nothing is changed yet'));
    expect(order()).toMatchObject({
      state: 'requested',
      reason: 'it hangs',
      requested: { person: { groups: ['S0SRE'] }, channel: INCIDENTS },
    });

    await press('U0ANA', 'dns_approve');
    await slack.until(() => slack.modalText('U0ANA').includes('somebody else has to approve'));

    await press('U0BEN', 'dns_approve');
    const review = await form('U0BEN');
    expect(slack.modalText('U0BEN')).toContain('it hangs');
    await scene?.restart();
    expect(await slack.submit('U0BEN', review, { typed_name: 'cluster-a' })).toMatchObject({ errors: null });
    await slack.until(() => slack.modalText('U0BEN').includes('Approved'));
    expect(order()).toMatchObject({ state: 'approved', approvals: [{ person: { user: 'U0BEN' } }] });

    await press('U0BEN', 'dns_decline');
    expect(await scene?.told(post.channel, 'U0BEN')).toContain('already approved');
    expect([desk.queued, desk.audit.map(({ action }) => action)]).toEqual([[`${VALUE} apply`], ['requested', 'approved']]);
    expect(slack.remarks().filter((remark) => !remark.startsWith('views.update: without hash'))).toEqual([]);
  });

  test('is approved by one of two who send at once', async () => {
    const { slack, desk, post, form } = await withOrder({ state: 'requested', requested: byAna }, ['dns_approve'], {
      policy: { ...POLICY, rules: [...POLICY.rules, { ...POLICY.rules[0]!, users: ['U0CAT'] }], environments: {} },
    });
    const both = ['U0BEN', 'U0CAT'];
    await Promise.all(both.map((user) => slack.click(user, post.channel, post.ts, 'dns_approve')));
    await Promise.all(both.map(async (user) => slack.submit(user, await form(user), {})));
    await slack.until(() => both.every((user) => /pproved/.test(slack.modalText(user))));
    expect(desk.audit.map(({ action }) => action)).toEqual(['approved']);
    expect(desk.queued).toEqual([`${VALUE} apply`]);
    expect(both.filter((user) => slack.modalText(user).includes('already approved'))).toHaveLength(1);
  });

  test('is shown to nobody who may not move it, and not moved for them', async () => {
    const { slack, desk, post } = await withOrder({}, ['dns_review', 'dns_decline']);
    for (const [user, says] of [
      ['U0CAT', 'Nobody gave you that right'],
      ['U0GUEST', 'Guests may not'],
    ] as const) {
      await slack.click(user, post.channel, post.ts, 'dns_review');
      await slack.until(() => slack.modalText(user).includes(says));
      await slack.click(user, post.channel, post.ts, 'dns_decline');
      expect(await scene?.told(post.channel, user)).toContain(says);
    }
    expect(desk.audit).toEqual([]);
  });

  test('leads nowhere from a place that is not its own, by a forged value, or by a forged window', async () => {
    const { slack, desk, post, elsewhere, form } = await withOrder({}, ['dns_review']);
    await slack.click('U0ANA', elsewhere.channel, elsewhere.ts, 'dns_review');
    await slack.until(() => slack.modalText('U0ANA').includes('not active any more'));
    const forged = (value: string) => slack.click('U0BEN', post.channel, post.ts, 'dns_review', undefined, { forge: { value } });
    await forged('restart-coredns cluster-a');
    expect(await scene?.told(post.channel, 'U0BEN')).toContain('not active any more');
    await forged(`${RUN}.${'f'.repeat(32)}`);
    await slack.until(() => slack.modalText('U0BEN').includes('not active any more'));
    await slack.click('U0BEN', post.channel, post.ts, 'dns_review');
    const review = await form('U0BEN');
    const metadata = `${elsewhere.channel} request ${VALUE}`;
    await slack.submit('U0BEN', review, { reason: 'x', typed_name: 'cluster-a' }, { forge: { metadata } });
    await slack.until(() => slack.modalText('U0BEN').includes('not active any more'));
    expect(desk.audit).toEqual([]);
  });

  test('that expires while its window is open is not moved any more', async () => {
    const { slack, desk, post, form, order } = await withOrder({}, ['dns_review']);
    await slack.click('U0BEN', post.channel, post.ts, 'dns_review');
    const review = await form('U0BEN');
    order().expiresAt = Date.now() - 1;
    await slack.submit('U0BEN', review, { reason: 'x', typed_name: 'cluster-a' });
    await slack.until(() => slack.modalText('U0BEN').includes('Its time is over'));
    expect(desk.audit).toEqual([]);
  });

  test('whose window was pressed twice is moved once', async () => {
    const { slack, desk, post, form } = await withOrder({}, ['dns_review']);
    slack.misbehave({ duplicates: 1 });
    await slack.click('U0ANA', post.channel, post.ts, 'dns_review');
    const review = await form('U0ANA');
    await slack.submit('U0ANA', review, { reason: 'x', typed_name: 'cluster-a' });
    await scene?.dealt(4);
    expect(desk.audit).toHaveLength(1);
    expect(scene?.seen.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(2);
  });

  test('is undone, and the one who asked for it is enough', async () => {
    const done = { state: 'done', requested: byAna, applyRun: '00000000aa', result: result() } as const;
    const { slack, desk, post, form } = await withOrder(done, ['dns_undo']);
    await slack.click('U0ANA', post.channel, post.ts, 'dns_undo');
    await slack.submit('U0ANA', await form('U0ANA'), {});
    await slack.until(() => slack.modalText('U0ANA').includes('being undone'));
    expect(desk.queued).toEqual([`${VALUE} undo`]);
  });

  test('says in its window that the queue is away', async () => {
    const { slack, desk, post, form } = await withOrder({}, ['dns_review']);
    await slack.click('U0ANA', post.channel, post.ts, 'dns_review');
    const review = await form('U0ANA');
    desk.state = 'dead';
    await slack.submit('U0ANA', review, { reason: 'x', typed_name: 'cluster-a' });
    await slack.until(() => slack.modalText('U0ANA').includes('Redis'));
    expect(desk.audit).toEqual([]);
  });
});

describe('lines of a query log', () => {
  const ended = { state: 'undone', requested: byAna, undoResult: result({ lines: ['10.0.0.1 A api.example.com.', 'second'] }) } as const;

  test('come as a file into the thread of a private channel, and nowhere else', async () => {
    const { slack, post, war, files } = await withOrder(ended, ['dns_lines']);
    await slack.click('U0ANA', post.channel, post.ts, 'dns_lines');
    expect(await scene?.told(post.channel, 'U0ANA')).toContain('private channels');
    await slack.click('U0BEN', war.channel, war.ts, 'dns_lines');
    const shared = await slack.until(() => slack.replies(WAR, war.thread).find((message) => (message.files ?? []).length > 0));
    const [file] = shared.files ?? [];
    expect(slack.file(file?.id ?? '')?.toString('utf8')).toBe('10.0.0.1 A api.example.com.\nsecond\n');
    expect(files).toMatchObject([{ person: { user: 'U0BEN' }, lines: 2, channel: { kind: 'private' } }]);
    expect(slack.messages(INCIDENTS).some((message) => (message.files ?? []).length > 0)).toBe(false);
  });

  test('without the scope come not, which is said', async () => {
    const { slack, war, files } = await withOrder(ended, ['dns_lines']);
    slack.setScopes(slack.seed.app.scopes.filter((scope) => scope !== 'files:write'));
    await slack.click('U0ANA', war.channel, war.ts, 'dns_lines');
    expect(await scene?.told(WAR, 'U0ANA')).toContain('files:write');
    expect(files).toEqual([]);
  });
});

describe('files of a capture', () => {
  const names = ['s1-kube-system_coredns-7c.pcap', 'c1-shop_cart.pcap'];
  const bytes = [randomBytes(700_000), Buffer.from('\u00D4\u00C3 packets of 10.0.1.7'.repeat(9_000))];
  const captured = {
    ...({ state: 'done', requested: byAna, applyRun: '00000000aa' } as const),
    result: result({ files: names.map((name, at) => ({ name, bytes: bytes[at]?.length ?? 0, why: null })) }),
  } as const;
  const secret = 's'.repeat(32);

  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  /** A worker and a bot, each with a connection of its own; the worker has kept the files. */
  async function withFiles() {
    const connections = [1, 2].map(() => connectRedis(redis.url, 'producer', () => undefined));
    const [worker, bot] = connections.map((one) => openCaptureFiles({ redis: one, prefix: 'test', cipher: cipherOf(secret) }));
    const keeping = worker!.keep(CHANGE);
    names.forEach((name, at) => {
      const file = keeping.file(name);
      file.write(bytes[at] ?? Buffer.alloc(0));
      file.close(true);
    });
    expect((await keeping.end()).map(({ why }) => why)).toEqual([null, null]);
    const opened = await withOrder(captured, ['dns_files'], { captures: bot! });
    return { ...opened, redis: connections[0]!, close: () => connections.forEach((one) => endRedis(one)) };
  }

  test('come byte for byte into the thread of a private channel, and nowhere else', async () => {
    const { slack, post, war, files, close } = await withFiles();
    await slack.click('U0ANA', post.channel, post.ts, 'dns_files');
    expect(await scene?.told(post.channel, 'U0ANA')).toContain('private channels');
    await slack.click('U0CAT', post.channel, post.ts, 'dns_files');
    expect(await scene?.told(post.channel, 'U0CAT')).toContain('the files of a capture of');
    expect(files).toEqual([]);
    await slack.click('U0BEN', war.channel, war.ts, 'dns_files');
    const shared = await slack.until(() => slack.replies(WAR, war.thread).find((message) => (message.files ?? []).length > 0));
    expect(shared.files?.map(({ name, title }) => [name, title])).toEqual([
      ['cluster-a-0123456789-s1-kube-system_coredns-7c.pcap', 'Capture of cluster-a: s1-kube-system_coredns-7c.pcap'],
      ['cluster-a-0123456789-c1-shop_cart.pcap', 'Capture of cluster-a: c1-shop_cart.pcap'],
    ]);
    for (const [at, file] of (shared.files ?? []).entries()) expect(slack.file(file.id)?.equals(bytes[at]!)).toBe(true);
    expect(files).toMatchObject([{ person: { user: 'U0BEN' }, files: names, channel: { id: WAR, kind: 'private' } }]);
    expect(slack.messages(INCIDENTS).some((message) => (message.files ?? []).length > 0)).toBe(false);
    expect(scene?.lines.join('\n')).not.toContain('packets of');
    close();
  });

  test('that are no longer kept come not, which is said', async () => {
    const { slack, war, files, redis: connection, close } = await withFiles();
    await connection.flushall();
    await slack.click('U0ANA', war.channel, war.ts, 'dns_files');
    expect(await scene?.told(WAR, 'U0ANA')).toContain('no longer kept: capture again');
    expect(files).toEqual([]);
    close();
  });
});
