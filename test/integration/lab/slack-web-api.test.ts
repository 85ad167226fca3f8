import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SlackLookalike } from '../../../src/lab/slack/start-slack.ts';
import { labSeed, LAB_SCOPES } from '../../../src/lab/slack/start-slack.ts';
import { C, client, closeAll, refusal, section, slackFor } from './slack.ts';

let slack: SlackLookalike;
beforeAll(async () => {
  slack = await slackFor();
});
afterAll(closeAll);

const web = () => client(slack);
const post = (more: object = {}) => web().chat.postMessage({ channel: C, text: 'words', unfurl_links: false, ...more });

describe('who calls', () => {
  test('must have a token that is known, and of the right kind', async () => {
    const { botToken, appToken } = slack.seed.app;
    expect(await refusal(client(slack, 'xoxb-other').auth.test())).toBe('invalid_auth');
    expect(await refusal(client(slack, appToken).auth.test())).toBe('not_allowed_token_type');
    expect(await refusal(client(slack, botToken).apps.connections.open())).toBe('not_allowed_token_type');
    expect(await (await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' })).json()).toEqual({ ok: false, error: 'not_authed' });
  });

  test('learns who they are, and which scopes they have', async () => {
    const me = await web().auth.test();
    expect(me).toMatchObject({ user_id: 'U0MEDIC', bot_id: 'B0MEDIC', team_id: 'T0LAB' });
    expect(me.response_metadata?.scopes).toEqual([...LAB_SCOPES, 'files:write', 'reactions:write']);
  });

  test('is told which scope is missing', async () => {
    const seed = labSeed();
    seed.app.scopes = ['chat:write'];
    const poor = await slackFor({ seed });
    const calls = client(poor);
    await expect(calls.users.info({ user: 'U0ANA' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'users:read', provided: 'chat:write' },
    });
    await expect(calls.conversations.info({ channel: C })).rejects.toMatchObject({ data: { needed: 'channels:read' } });
    await expect(calls.conversations.info({ channel: 'C0WAR' })).rejects.toMatchObject({ data: { needed: 'groups:read' } });
    await expect(calls.conversations.history({ channel: C })).rejects.toMatchObject({ data: { needed: 'channels:history' } });
    await expect(calls.conversations.replies({ channel: 'C0WAR', ts: '1.1' })).rejects.toMatchObject({
      data: { needed: 'groups:history' },
    });
    await expect(calls.reactions.add({ channel: C, name: 'wave', timestamp: '1.1' })).rejects.toMatchObject({
      data: { needed: 'reactions:write' },
    });
  });

  test('asks for what Slack has', async () => {
    expect(await refusal(web().apiCall('chat.levitate'))).toBe('unknown_method');
    expect(await refusal(web().apiCall('toString'))).toBe('unknown_method');
  });
});

describe('where a message may go', () => {
  test.each([
    ['C0WAR', 'ok'],
    ['C0PARTNER', 'ok'],
    ['D0ANA', 'ok'],
    ['U0BEN', 'ok'],
    ['#incidents', 'ok'],
    ['C0GENERAL', 'not_in_channel'],
    ['C0SECRET', 'channel_not_found'],
    ['C0ARCHIVE', 'is_archived'],
    ['C0NOWHERE', 'channel_not_found'],
  ])('%s: %s', async (channel, answer) => {
    expect(await refusal(post({ channel }))).toBe(answer);
  });

  test('an ephemeral one only to somebody who is there', async () => {
    const ephemeral = (user: string) => refusal(web().chat.postEphemeral({ channel: C, user, text: 'psst' }));
    expect([await ephemeral('U0ANA'), await ephemeral('U0EXT')]).toEqual(['ok', 'user_not_in_channel']);
    expect(slack.ephemerals(C, 'U0ANA').map(({ text }) => text)).toContain('psst');
    expect(slack.ephemerals(C, 'U0BEN')).toEqual([]);
  });
});

describe('what a message may be', () => {
  test('not nothing', async () => {
    expect(await refusal(post({ text: '' }))).toBe('no_text');
    expect(await refusal(post({ text: ' \n' }))).toBe('no_text');
    expect(await refusal(post({ text: '', blocks: [] }))).toBe('no_text');
  });

  test('blocks within the limits, with a pointer to what is not', async () => {
    await expect(post({ blocks: [section('a'), section('x'.repeat(3_001))] })).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        response_metadata: { messages: ['[ERROR] 3,001 characters; a section has at most 3,000 [json-pointer:/blocks/1/text/text]'] },
      },
    });
    expect(await refusal(post({ blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }))).toBe('invalid_blocks');
    expect(await refusal(post({ blocks: Array.from({ length: 5 }, () => section('x'.repeat(2_900))) }))).toBe('msg_blocks_too_long');
    expect(await refusal(web().apiCall('chat.postMessage', { channel: C, blocks: 'no json' }))).toBe('invalid_blocks_format');
  });

  test('without the types that this workspace does not know', async () => {
    const old = await slackFor({ blocksRefused: ['plan'] });
    const plan = { type: 'plan', title: 'Steps', tasks: [] };
    await expect(client(old).apiCall('chat.postMessage', { channel: C, text: 'a', blocks: [section('a'), plan] })).rejects.toMatchObject({
      data: { error: 'invalid_blocks', errors: ['unsupported type: plan [json-pointer:/blocks/1/type]'] },
    });
    expect(await refusal(post({ blocks: [plan] }))).toBe('ok');
  });

  test('with metadata of the right form', async () => {
    expect(await refusal(post({ metadata: { event_type: 'run' } }))).toBe('invalid_metadata_format');
    expect(await refusal(post({ metadata: { event_type: 'run', event_payload: { a: 'x'.repeat(9_000) } } }))).toBe('metadata_too_large');
  });

  test('a text of more than 40,000 characters is cut, and said to be', async () => {
    const sent = await post({ text: 'x'.repeat(40_001) });
    expect(sent.response_metadata?.warnings).toEqual(['message_truncated']);
    expect(slack.messages(C).at(-1)?.text).toHaveLength(40_000);
  });

  test('blocks do not stand as they were sent: Slack gives them ids and fills in', async () => {
    const { ts } = await post({ blocks: [{ type: 'header', text: { type: 'plain_text', text: 'a' } }] });
    const blocks = slack.messages(C).find((each) => each.ts === ts)?.blocks;
    expect(blocks).toEqual([{ type: 'header', text: { type: 'plain_text', text: 'a', emoji: true }, block_id: expect.any(String) }]);
  });
});

describe('threads', () => {
  test('hang on a message that stands in the channel itself', async () => {
    const { ts: head } = await post();
    const { ts: reply } = await post({ thread_ts: head });
    expect(await refusal(post({ thread_ts: reply }))).toBe('cannot_reply_to_message');
    expect(await refusal(post({ thread_ts: '1790000000.000001' }))).toBe('cannot_reply_to_message');
    await web().chat.delete({ channel: C, ts: head! });
    expect(await refusal(post({ thread_ts: head }))).toBe('cannot_reply_to_message');
  });

  test('are read in order, by pages, with metadata for those who ask', async () => {
    const { ts } = await post({ text: 'head', metadata: { event_type: 'run', event_payload: { id: 'r1' } } });
    for (const text of ['one', 'two', 'three']) await post({ text, thread_ts: ts });
    const bare = await web().conversations.replies({ channel: C, ts: ts! });
    expect(bare.messages?.map(({ text }) => text)).toEqual(['head', 'one', 'two', 'three']);
    expect(bare.messages?.[0]).not.toHaveProperty('metadata');
    const first = await web().conversations.replies({ channel: C, ts: ts!, limit: 3, include_all_metadata: true });
    expect(first.messages?.[0]).toHaveProperty('metadata', { event_type: 'run', event_payload: { id: 'r1' } });
    expect([first.has_more, first.messages?.length]).toEqual([true, 3]);
    const rest = await web().conversations.replies({ channel: C, ts: ts!, limit: 3, cursor: first.response_metadata!.next_cursor! });
    expect(rest.messages?.map(({ text }) => text)).toEqual(['three']);
    expect(await refusal(web().conversations.replies({ channel: C, ts: '1.1' }))).toBe('thread_not_found');
  });

  test('are not in the history, unless a reply is broadcast', async () => {
    const own = await slackFor();
    const { ts } = await client(own).chat.postMessage({ channel: C, text: 'head' });
    await client(own).chat.postMessage({ channel: C, text: 'quiet', thread_ts: ts! });
    await client(own).chat.postMessage({ channel: C, text: 'loud', thread_ts: ts!, reply_broadcast: true });
    const { messages } = await client(own).conversations.history({ channel: C });
    expect(messages?.map(({ text, subtype }) => [text, subtype])).toEqual([
      ['loud', 'thread_broadcast'],
      ['head', undefined],
    ]);
    const { messages: since } = await client(own).conversations.history({ channel: C, oldest: ts!, inclusive: false });
    expect(since?.map(({ text }) => text)).toEqual(['loud']);
  });

  test('of a channel where the bot is not, are not for it', async () => {
    expect(await refusal(web().conversations.history({ channel: 'C0GENERAL' }))).toBe('not_in_channel');
    expect(await refusal(web().conversations.history({ channel: 'C0SECRET' }))).toBe('channel_not_found');
  });
});

describe('changes of messages', () => {
  const update = (ts: string, more: object) => web().chat.update({ channel: C, ts, parse: 'none', ...more } as never);

  test('a text without blocks takes the blocks away; metadata stays', async () => {
    const { ts } = await post({ blocks: [section('a')], metadata: { event_type: 'run', event_payload: {} } });
    await update(ts!, { text: 'new' });
    expect(slack.messages(C).find((each) => each.ts === ts)).toMatchObject({
      text: 'new',
      blocks: null,
      metadata: { event_type: 'run' },
      edits: 1,
    });
  });

  test('only of own messages that stand there', async () => {
    const { ts: hers } = await slack.say('U0ANA', C, 'mine');
    expect(await refusal(update(hers!, { text: 'a' }))).toBe('cant_update_message');
    expect(await refusal(web().chat.delete({ channel: C, ts: hers! }))).toBe('cant_delete_message');
    expect(await refusal(update('1.1', { text: 'a' }))).toBe('message_not_found');
    const { message_ts } = await web().chat.postEphemeral({ channel: C, user: 'U0ANA', text: 'psst' });
    expect(await refusal(update(message_ts!, { text: 'a' }))).toBe('message_not_found');
    const { ts } = await post();
    slack.deleteMessage(C, ts!);
    expect(await refusal(update(ts!, { text: 'a' }))).toBe('message_not_found');
  });

  test('to at most 4,000 characters, and not from rich text to other blocks', async () => {
    const rich = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a' }] }] };
    const { ts } = await post({ blocks: [rich] });
    expect(await refusal(update(ts!, { text: 'x'.repeat(4_001) }))).toBe('msg_too_long');
    expect(await refusal(update(ts!, { text: 'a', blocks: [section('a')] }))).toBe('block_mismatch');
    expect(await refusal(update(ts!, { text: 'a', blocks: [rich] }))).toBe('ok');
  });

  test('a channel that is gone is not found', async () => {
    slack.createChannel({ id: 'C0SHORT', name: 'short', members: ['U0MEDIC'] });
    const { ts } = await post({ channel: 'C0SHORT' });
    slack.deleteChannel('C0SHORT');
    expect(await refusal(web().chat.update({ channel: 'C0SHORT', ts: ts!, text: 'a' }))).toBe('channel_not_found');
  });
});

describe('users, groups and conversations', () => {
  test('what a person is, is said', async () => {
    const info = async (user: string) => (await web().users.info({ user, include_locale: true })).user;
    expect(await info('U0ANA')).toMatchObject({ deleted: false, is_restricted: false, is_bot: false, team_id: 'T0LAB', locale: 'en-GB' });
    expect(await info('U0GUEST')).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    expect(await info('U0SINGLE')).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
    expect(await info('U0GONE')).toMatchObject({ deleted: true });
    expect(await info('U0ROBOT')).toMatchObject({ is_bot: true });
    expect(await info('U0EXT')).toMatchObject({ team_id: 'T0PARTNER' });
    expect(await info('U0EXT')).not.toHaveProperty('is_stranger');
    expect(await info('U0STRANGER')).toMatchObject({ is_stranger: true });
    expect(await refusal(info('U0NOBODY'))).toBe('user_not_found');
  });

  test('what a channel is, is said', async () => {
    const info = async (channel: string) => (await web().conversations.info({ channel })).channel;
    expect(await info(C)).toMatchObject({ name: 'incidents', is_private: false, is_ext_shared: false, is_member: true });
    expect(await info('C0PARTNER')).toMatchObject({ is_ext_shared: true });
    expect(await info('C0GENERAL')).toMatchObject({ is_member: false });
    expect(await info('D0ANA')).toMatchObject({ is_im: true, user: 'U0ANA' });
    expect(await refusal(info('C0SECRET'))).toBe('channel_not_found');
    expect((await web().conversations.members({ channel: 'C0WAR' })).members).toEqual(['U0ANA', 'U0BEN', 'U0MEDIC']);
  });

  test('groups, on a paid plan', async () => {
    expect((await web().usergroups.users.list({ usergroup: 'S0SRE' })).users).toEqual(['U0ANA', 'U0BEN']);
    expect((await web().usergroups.list()).usergroups?.map(({ handle }) => handle)).toEqual(['sre', 'network']);
    expect(await refusal(web().usergroups.users.list({ usergroup: 'S0NONE' }))).toBe('no_such_subteam');
    const free = await slackFor({ seed: { ...labSeed(), plan: 'free' } });
    expect(await refusal(client(free).usergroups.list())).toBe('plan_upgrade_required');
  });

  test('reactions, links and states', async () => {
    const { ts } = await post();
    const wave = () => refusal(web().reactions.add({ channel: C, name: 'wave', timestamp: ts! }));
    expect([await wave(), await wave()]).toEqual(['ok', 'already_reacted']);
    expect((await web().chat.getPermalink({ channel: C, message_ts: ts! })).permalink).toContain(`/archives/${C}/p${ts!.replace('.', '')}`);
    await web().assistant.threads.setStatus({ channel_id: C, thread_ts: ts!, status: 'is looking names up' });
    expect(slack.threadText(C, ts!)).toContain('dns-medic is looking names up');
    await post({ thread_ts: ts });
    expect(slack.threadText(C, ts!)).not.toContain('is looking');
  });
});

describe('files', () => {
  test('come in three steps, and show in a thread', async () => {
    const { ts } = await post();
    const bytes = Buffer.from('packets '.repeat(1_000));
    const sent = await web().filesUploadV2({
      channel_id: C,
      thread_ts: ts!,
      filename: 'dns.pcap',
      file: bytes,
      initial_comment: 'the capture',
    });
    const id = (sent.files as { files: { id: string }[] }[])[0]!.files[0]!.id;
    const [shared] = await slack.until(() => slack.replies(C, ts!).length > 0 && slack.replies(C, ts!));
    expect(shared).toMatchObject({ text: 'the capture', files: [{ name: 'dns.pcap', size: 8_000 }] });
    expect(slack.file(id)).toEqual(bytes);
  });

  test('that were not sent whole, or not at all, cannot be shown', async () => {
    const { file_id, upload_url } = await web().files.getUploadURLExternal({ filename: 'a', length: 10 });
    expect((await fetch(upload_url!, { method: 'POST', body: 'short' })).status).toBe(400);
    expect(await refusal(web().files.completeUploadExternal({ files: [{ id: file_id! }], channel_id: C }))).toBe('file_not_found');
    expect((await fetch(upload_url!, { method: 'POST', body: '0123456789' })).status).toBe(200);
    expect(await refusal(web().files.completeUploadExternal({ files: [{ id: file_id! }], channel_id: 'C0GENERAL' }))).toBe(
      'not_in_channel',
    );
    expect(await refusal(web().files.completeUploadExternal({ files: [{ id: file_id! }], channel_id: C }))).toBe('ok');
  });
});

test('no token stands in the record of calls, nor in the state', async () => {
  await client(slack).apiCall('auth.test', { token: slack.seed.app.botToken });
  const { botToken, appToken, signingSecret } = slack.seed.app;
  const told = JSON.stringify([slack.calls(), slack.state()]);
  for (const secret of [botToken, appToken, signingSecret, '/response/']) expect(told).not.toContain(secret);
});

test('what Slack lets pass and should not be is remarked', async () => {
  await post({ text: '<!channel> look', unfurl_links: true });
  await post({ text: '', blocks: [section('a')] });
  expect(slack.remarks()).toEqual(
    expect.arrayContaining([
      'chat.postMessage: a text that pings everyone',
      'chat.postMessage: unfurl_links is not false',
      'chat.postMessage: no text beside the blocks, which is all that phones and screen readers get',
    ]),
  );
});
