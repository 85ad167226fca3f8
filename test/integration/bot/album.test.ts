import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import { startSlack, type SlackLookalike } from '../../../src/lab/slack/start-slack.ts';
import { drawLatency } from '../../../src/pictures/latency.ts';
import type { Message } from '../../../src/report/slack/message.ts';
import { threadClient } from '../../../src/slack/thread/client.ts';
import { type Hand, handOf } from '../../../src/slack/thread/hand.ts';

const drawing = drawLatency({
  title: 'cluster-a',
  verdict: 'All was answered.',
  lengthMs: 30_000,
  exchanges: [{ atMs: 10, latencyMs: 1.5 }],
  p50Ms: 1.5,
  p95Ms: 1.5,
});
const said: KnownBlock = { type: 'section', text: { type: 'plain_text', text: 'what was found' } };
const picture = { type: 'image', slack_file: { id: 'latency' }, alt_text: drawing.altText } as KnownBlock;
const message: Message = { text: 'what was found', blocks: [said, picture], plain: null, drawings: { latency: drawing } };
const channel = 'C0INCIDENTS';

let slack: SlackLookalike;
let hand: Hand;
beforeAll(async () => {
  slack = await startSlack({ rates: 'off' });
});
beforeEach(() => {
  hand = handOf(threadClient(slack.seed.app.botToken, slack.apiUrl));
});
afterAll(() => slack.close());

const standing = (from = slack) => from.messages(channel).at(-1);
const typesOf = () => (standing()?.blocks ?? []).map(({ type }) => type);
const uploads = () => slack.calls().filter(({ method }) => method === 'files.getUploadURLExternal').length;

describe('a message with a picture', () => {
  test('shows it, once Slack has looked at the file', async () => {
    const written = await hand.post({ channel, thread: null, key: 'r/p/a' }, message, false);
    expect(written.kind).toBe('done');
    expect(typesOf()).toEqual(['section', 'image']);
  });

  test('is edited without another upload', async () => {
    const written = await hand.post({ channel, thread: null, key: 'r/p/b' }, message, false);
    const before = uploads();
    expect((await hand.update(channel, (written as { ts: string }).ts, { ...message, text: 'more was found' })).kind).toBe('done');
    expect([uploads(), typesOf()]).toEqual([before, ['section', 'image']]);
  });

  test('is said without it where Slack takes no file', async () => {
    const client = threadClient(slack.seed.app.botToken, slack.apiUrl);
    client.files.getUploadURLExternal = () => Promise.reject(new Error('missing_scope'));
    const written = await handOf(client).post({ channel, thread: null, key: 'r/p/c' }, message, false);
    expect([written.kind, typesOf()]).toEqual(['done', ['section']]);
  });

  test('is said without it where Slack does not take it into the message', async () => {
    const old = await startSlack({ rates: 'off', blocksRefused: ['image'] });
    try {
      const client = threadClient(old.seed.app.botToken, old.apiUrl);
      const written = await handOf(client).post({ channel, thread: null, key: 'r/p/d' }, message, false);
      expect([written.kind, (standing(old)?.blocks ?? []).map(({ type }) => type)]).toEqual(['done', ['section']]);
    } finally {
      await old.close();
    }
  }, 20_000);
});
