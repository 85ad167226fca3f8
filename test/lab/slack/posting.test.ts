import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseArguments } from '../../../src/lab/slack/methods/arguments.ts';
import { messageJson } from '../../../src/lab/slack/world/message-json.ts';
import { edit, isHead, post, remove } from '../../../src/lab/slack/world/posting.ts';
import { labSeed } from '../../../src/lab/slack/world/seed.ts';
import { createWorld, nextTs } from '../../../src/lab/slack/world/world.ts';

const world = () => {
  const made = createWorld(labSeed());
  return { made, channel: made.channels.get('C0INCIDENTS')! };
};

describe('messages', () => {
  test('have times that only rise, however fast they come', () => {
    const { made } = world();
    const all = Array.from({ length: 5_000 }, () => nextTs(made));
    expect(all).toEqual([...new Set(all)].toSorted());
    expect(all.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true);
  });

  test('only what stands in the channel itself can head a thread', () => {
    const { made, channel } = world();
    const head = post(made, channel, { user: 'U0ANA', text: 'a' });
    const reply = post(made, channel, { user: 'U0ANA', text: 'b', threadTs: head.ts });
    expect([head.ts, reply.ts, '1.000000'].map((ts) => isHead(channel, ts))).toEqual([true, false, false]);
    remove(made, channel, head);
    expect(isHead(channel, head.ts)).toBe(false);
  });

  test('tell of their thread', () => {
    const { made, channel } = world();
    const head = post(made, channel, { user: 'U0MEDIC', text: 'a', metadata: { event_type: 'run' } });
    const reply = post(made, channel, { user: 'U0ANA', text: 'b', threadTs: head.ts });
    expect(messageJson(made, channel, head)).toMatchObject({
      thread_ts: head.ts,
      reply_count: 1,
      latest_reply: reply.ts,
      bot_id: 'B0MEDIC',
    });
    expect(messageJson(made, channel, head)).not.toHaveProperty('metadata');
    expect(messageJson(made, channel, head, true)).toHaveProperty('metadata', { event_type: 'run' });
    expect(messageJson(made, channel, reply)).toMatchObject({ thread_ts: head.ts, parent_user_id: 'U0MEDIC' });
  });

  test('say that they were edited only when they have no blocks, as Slack does', () => {
    const { made, channel } = world();
    const message = post(made, channel, { user: 'U0MEDIC', text: 'a', blocks: [{ type: 'divider' }] });
    edit(made, message, { text: 'b', blocks: [{ type: 'divider' }] });
    expect(messageJson(made, channel, message)).not.toHaveProperty('edited');
    edit(made, message, { text: 'c', blocks: null });
    expect(messageJson(made, channel, message)).toHaveProperty('edited');
    expect(messageJson(made, channel, message)).not.toHaveProperty('blocks');
  });
});

function thrownBy(run: () => unknown): { name: string } {
  try {
    run();
    return { name: 'nothing' };
  } catch (error) {
    return error as Error;
  }
}

describe('the arguments of a call', () => {
  test('come as a form or as JSON, and from the address', () => {
    expect(parseArguments('application/x-www-form-urlencoded', 'a=1&b=x%20y', '?c=3')).toEqual({ a: '1', b: 'x y', c: '3' });
    expect(parseArguments('application/json; charset=utf-8', '{"a":{"b":1}}', '')).toEqual({ a: { b: 1 } });
    expect(parseArguments('', '', '?a=1')).toEqual({ a: '1' });
  });

  test('of any other form are refused as Slack refuses them, and nothing else is thrown', () => {
    expect(() => parseArguments('text/plain', 'a', '')).toThrow('invalid_post_type');
    const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/xml', '');
    fc.assert(
      fc.property(types, fc.string(), fc.string(), (type, body, query) => {
        expect(thrownBy(() => parseArguments(type, body, query))).toMatchObject({ name: expect.stringMatching(/^(?:nothing|Refusal)$/) });
      }),
    );
  });
});
