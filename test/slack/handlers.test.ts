import { describe, expect, test } from '@jest/globals';
import { Failure, UsageError } from '../../src/base/failure.ts';
import { DeskAway } from '../../src/slack/desk-away.ts';
import type { Counter } from '../../src/slack/counter.ts';
import { onCommand } from '../../src/slack/handlers/command.ts';
import { onHome } from '../../src/slack/handlers/home.ts';
import { onMention } from '../../src/slack/handlers/mention.ts';
import { onPress } from '../../src/slack/handlers/press.ts';
import { onShortcut } from '../../src/slack/handlers/shortcut.ts';
import { onSubmission } from '../../src/slack/handlers/submission.ts';
import { policy, rule, TEAM } from '../access/people.ts';
import { counterIn, refused } from './stand-ins.ts';

const ada = { id: 'U0ADA', team_id: TEAM, is_bot: false, deleted: false, is_restricted: false, is_ultra_restricted: false };
const world = {
  users: { U0ADA: ada },
  channels: { C0HERE: { id: 'C0HERE', is_ext_shared: false, is_private: false, is_member: true } },
  groups: {},
};
const scene = () => counterIn(world, policy(rule({ may: ['check', 'read', 'cancel'] })), ['cluster-a']);

const context = {};
const form = (values: object = { cluster: { cluster_chosen: { selected_option: { value: 'cluster-a' } } } }, metadata = 'C0HERE'): any => ({
  body: { trigger_id: 't', user: { id: 'U0ADA' } },
  view: { id: 'V1', private_metadata: metadata, state: { values } },
  context,
});
const command = (text: string): any => ({
  command: { user_id: 'U0ADA', channel_id: 'C0HERE', team_id: TEAM, trigger_id: 't', text },
  context,
});
const press = (change: object = {}): any => ({
  action: { action_id: 'dns_cancel', value: '0000000001' },
  body: { trigger_id: 't', user: { id: 'U0ADA' }, channel: { id: 'C0HERE' }, container: { type: 'message' }, ...change },
  context,
});
const message = { type: 'message', ts: '2.0', thread_ts: '1.0' };
const shortcut: any = { shortcut: { trigger_id: 't', user: { id: 'U0ADA' }, channel: { id: 'C0HERE' }, message }, context };

type Handler = (counter: Counter) => (args: any) => Promise<void>;
const acknowledged: [string, Handler, any][] = [
  ['a command', onCommand, command('check cluster-a')],
  ['a bare command', onCommand, command('')],
  ['a shortcut', onShortcut, shortcut],
  ['a form', onSubmission, form()],
  ['a button', onPress, press()],
];

describe('a handler', () => {
  test.each(acknowledged)('acknowledges %s before it asks anybody anything', async (_what, handler, args) => {
    const { counter, desk, calls } = scene();
    let asked = -1;
    const ack = async (): Promise<void> => {
      asked = calls.length + Object.keys(desk.calls).length;
    };
    await handler(counter)({ ...args, ack, respond: async () => undefined });
    expect(asked).toBe(0);
    expect(calls.length).toBeGreaterThan(0);
  });

  test.each(acknowledged)('does its work for %s where it cannot be acknowledged any more', async (_what, handler, args) => {
    const { counter, desk, seen } = scene();
    await handler(counter)({ ...args, ack: () => Promise.reject(new Error('closed')), respond: async () => undefined });
    expect(desk.calls['first']).toBe(1);
    expect(seen).toHaveLength(1);
  });

  test.each([
    ...acknowledged,
    ['a mention', onMention, { event: { user: 'U0ADA', channel: 'C0HERE', ts: '1.0', text: 'help' }, body: { event_id: 't' }, context }],
    ['a Home tab', onHome, { event: { user: 'U0ADA', channel: 'D0ADA', tab: 'home' }, body: { event_id: 't' }, context }],
  ] as [string, Handler, any][])('does nothing more for %s that was delivered before', async (_what, handler, args) => {
    const { counter, desk, calls, seen } = scene();
    await counter.desk.first('t');
    await handler(counter)({ ...args, ack: async () => undefined, respond: () => Promise.reject(new Error('told')) });
    expect(seen).toMatchObject([{ outcome: 'duplicate' }]);
    expect(calls).toEqual([]);
    expect(desk.calls).toEqual({ first: 2 });
  });
});

describe('a failure', () => {
  const tell = async (counter: Counter): Promise<string> => {
    let told = '';
    const respond: any = async (said: { text: string }) => void (told = said.text);
    await onCommand(counter)({ ...command('check cluster-a'), ack: async () => undefined, respond });
    return told;
  };

  test.each([
    ['a desk that is away', new DeskAway('gone'), 'redis-down', 'Redis'],
    ['what people can act on', new Failure('error', 'Slack did not say'), 'failed', 'Slack did not say'],
    ['wrong usage', new UsageError('there is no cluster "x"'), 'failed', 'there is no cluster'],
    ['a mistake of ours', new TypeError('secret detail'), 'failed', 'The bot made a mistake'],
  ])('is told: %s', async (_what, error, outcome, says) => {
    const { counter, seen } = scene();
    counter.desk.ask = async () => {
      throw error;
    };
    const text = await tell(counter);
    expect(text).toContain(says);
    expect(text).not.toContain('secret detail');
    expect(seen).toMatchObject([{ outcome }]);
  });
});

describe('a form', () => {
  test('carries its place as no more than a place', async () => {
    for (const metadata of ['', 'C0HERE/../C1', '{"channel":"C0HERE"}', 'U0ADA', 'C0HERE/1.0/2']) {
      const { counter, desk, seen } = scene();
      await onSubmission(counter)({ ...form(undefined, metadata), ack: async () => undefined });
      expect(seen).toMatchObject([{ outcome: 'failed' }]);
      expect(desk.asks).toEqual([]);
    }
  });

  test.each([
    [{}, ['cluster']],
    [{ cluster: { cluster_chosen: { selected_option: { value: 'cluster-z' } } } }, ['cluster']],
    [{ cluster_typed: { cluster_text: { value: 'clustr-a' } } }, ['cluster_typed']],
    [{ cluster_typed: { cluster_text: { value: ' cluster-a ' } }, pod: { pod_text: { value: 'cart' } } }, ['pod']],
  ])('with %j is wrong at %j', async (values, blocks) => {
    const { counter, desk } = scene();
    let said: any = null;
    await onSubmission(counter)({ ...form(values), ack: async (response) => void (said = response) });
    expect(said).toMatchObject({ response_action: 'errors' });
    expect(Object.keys(said.errors)).toEqual(blocks);
    expect(desk.calls).toEqual({});
  });
});

describe('a window', () => {
  test('that was closed meanwhile needs no form', async () => {
    const { counter, seen } = scene();
    counter.asking.views.update = async () => {
      throw refused('not_found');
    };
    await onShortcut(counter)({ ...shortcut, ack: async () => undefined, respond: () => Promise.reject(new Error('told')) });
    expect(seen).toMatchObject([{ kind: 'shortcut', outcome: 'form' }]);
  });

  test('carries the thread of the message that it was opened from', async () => {
    const { counter, calls } = scene();
    await onShortcut(counter)({ ...shortcut, ack: async () => undefined, respond: async () => undefined });
    const update = calls.find(({ method }) => method === 'views.update');
    expect(update?.args).toMatchObject({ view_id: 'V1', hash: 'h1', view: { private_metadata: 'C0HERE/1.0' } });
  });
});

describe('a press', () => {
  test.each([
    ['a field of a form', { channel: undefined, container: { type: 'view' }, view: { type: 'modal', private_metadata: '' } }, {}],
    ['a link', {}, { action_id: 'x', url: 'https://example.com' }],
    [
      'a link, as its message says',
      { message: { ts: '1.0', blocks: [{ elements: [{ action_id: 'x', url: 'https://example.com' }] }] } },
      { action_id: 'x' },
    ],
  ])('of %s needs no answer', async (_what, body, action) => {
    const { counter, desk, seen, calls } = scene();
    const args = press(body);
    await onPress(counter)({
      ...args,
      action: { ...args.action, ...action },
      ack: async () => undefined,
      respond: async () => undefined as any,
    });
    expect([seen, calls, desk.calls]).toEqual([[], [], {}]);
  });
});
