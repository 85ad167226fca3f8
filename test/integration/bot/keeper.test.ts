import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { standing } from './chaos/witness.ts';
import { type Scene, setScene } from './keeper/scene.ts';

const [incidents, war] = ['C0INCIDENTS', 'C0WAR'];
let scene: Scene | null = null;
const set = async (options?: Parameters<typeof setScene>[0]): Promise<Scene> => (scene = await setScene(options));
afterEach(async () => {
  await scene?.close();
  scene = null;
});

/** The slots that stand in a channel, in the order of posting. */
const slots = ({ slack }: Scene, channel = incidents): string[] => standing(slack, [channel]).map(({ key }) => key.split('/').at(-1) ?? '');
const whole = ['card', 'plan', 'cause-0', 'verdict'];

/** Until every thread says the last of its run. */
async function settled(on: Scene, ms = 30_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) if ((await on.book.open()).length === 0) return;
  throw new Error(`not settled: ${slots(on).join(', ')}`);
}

describe('the thread of a run', () => {
  test('is written once, in order, and the card says the verdict', async () => {
    const on = await set();
    on.startKeeper();
    await on.ask({ channel: incidents, thread: null });
    await settled(on);
    expect(slots(on)).toEqual(whole);
    expect(standing(on.slack, [incidents])[0]?.text).toContain('DNS broken');
    expect(on.slack.remarks()).toEqual([]);
  });

  test('stands in the thread of the one who asked there, and has no card', async () => {
    const on = await set();
    const { ts } = await on.slack.say('U0ANA', incidents, 'DNS is down');
    on.startKeeper();
    await on.ask({ channel: incidents, thread: ts });
    await settled(on);
    expect(slots(on)).toEqual(['plan', 'cause-0', 'verdict']);
    expect(on.slack.replies(incidents, ts ?? '').length).toBe(3);
  });

  test('is the same in both places of a run that is shared', async () => {
    const on = await set();
    on.startKeeper();
    const letGo = on.hold();
    await on.ask({ channel: incidents, thread: null }, 'same.example.com');
    await on.slack.until(() => slots(on).includes('plan'));
    await on.ask({ channel: war, thread: null }, 'same.example.com');
    await on.slack.until(() => slots(on, war).includes('plan'));
    letGo();
    await settled(on);
    expect([slots(on), slots(on, war)]).toEqual([whole, whole]);
  });

  test('is gone on with by another bot where the first one stopped', async () => {
    const on = await set();
    const letGo = on.hold();
    const first = on.startKeeper();
    await on.ask({ channel: incidents, thread: null });
    await on.slack.until(() => slots(on).includes('plan'));
    await first.stop();
    on.startKeeper();
    letGo();
    await settled(on);
    expect(slots(on)).toEqual(whole);
  });
});

describe('a message whose answer is lost', () => {
  test('is found again and stands once', async () => {
    const on = await set();
    const { told } = on.startKeeper();
    on.slack.misbehave({ faults: [{ do: 'lose', method: 'chat.postMessage', times: 3 }] });
    await on.ask({ channel: incidents, thread: null });
    await settled(on);
    expect(slots(on)).toEqual(whole);
    expect(told.writes.filter((write) => write.startsWith('conversations.replies done')).length).toBe(3);
  });

  test('is looked for again when Slack would not say', async () => {
    const on = await set();
    const { told } = on.startKeeper();
    on.slack.misbehave({
      faults: [
        { do: 'lose', method: 'chat.postMessage', times: 1 },
        { do: 'throttle', method: 'conversations.*', times: 2, retryAfterSeconds: 1 },
      ],
    });
    await on.ask({ channel: incidents, thread: null });
    await settled(on);
    expect(slots(on)).toEqual(whole);
    expect(told.maybeTwice).toEqual([]);
  });

  test('is sent again after a while where the bot may not read, and that is counted', async () => {
    const on = await set();
    on.slack.setScopes(on.slack.seed.app.scopes.filter((scope) => !scope.endsWith(':history')));
    const { told } = on.startKeeper();
    on.slack.misbehave({ faults: [{ do: 'lose', method: 'chat.postMessage', times: 1 }] });
    await on.ask({ channel: incidents, thread: null });
    await settled(on);
    expect(slots(on)).toEqual(['card', ...whole]);
    expect(told.maybeTwice).toEqual(['card']);
  });

  test('is sent again where it never arrived', async () => {
    const on = await set();
    on.startKeeper();
    on.slack.misbehave({ faults: [{ do: 'reset', method: 'chat.postMessage', times: 1 }] });
    await on.ask({ channel: incidents, thread: null });
    await settled(on);
    expect(slots(on)).toEqual(whole);
  });
});

describe('Slack in trouble', () => {
  test('is waited for: the run goes on and the thread catches up', async () => {
    const on = await set();
    on.startKeeper();
    on.slack.misbehave({ faults: [{ do: 'error', method: '*', status: 503 }] });
    const run = await on.ask({ channel: incidents, thread: null });
    await sleep(3_000);
    expect((await on.desk.find(run.id))?.progress.state).toBe('done');
    expect(slots(on)).toEqual([]);
    on.slack.behave();
    await settled(on, 60_000);
    expect(slots(on)).toEqual(whole);
  });

  test('a channel that is throttled holds up no other', async () => {
    const on = await set();
    on.startKeeper();
    on.slack.misbehave({ faults: [{ do: 'throttle', method: 'chat.postMessage', times: 1, retryAfterSeconds: 20 }] });
    await on.ask({ channel: incidents, thread: null });
    await on.slack.until(() => on.slack.calls('chat.postMessage').length > 0);
    const began = Date.now();
    await on.ask({ channel: war, thread: null });
    await on.slack.until(() => slots(on, war).length === whole.length, 15_000);
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(slots(on)).toEqual([]);
  });

  test('keeps to a post a second in a channel', async () => {
    const on = await set({ rates: { channelBurst: 1, channelEvery: 900 } });
    const keeper = on.startKeeper();
    await on.ask({ channel: incidents, thread: null });
    await settled(on);
    expect(slots(on)).toEqual(whole);
    expect(keeper.told.maybeTwice).toEqual([]);
  });

  test('blocks that a workspace refuses are said plainly, and learnt', async () => {
    const on = await set({ blocksRefused: ['plan'] });
    const { told } = on.startKeeper();
    await on.ask({ channel: incidents, thread: null });
    await settled(on);
    expect(slots(on)).toEqual(whole);
    const refused = told.writes.filter((write) => write.includes('invalid_blocks')).length;
    await on.ask({ channel: war, thread: null });
    await settled(on);
    expect(slots(on, war)).toEqual(whole);
    expect(refused).toBe(1);
    expect(told.writes.filter((write) => write.includes('invalid_blocks')).length).toBe(1);
  });
});

describe('what people do to a thread', () => {
  test('a card that is deleted ends it quietly', async () => {
    const on = await set();
    on.startKeeper();
    const letGo = on.hold();
    await on.ask({ channel: incidents, thread: null });
    await on.slack.until(() => slots(on).includes('plan'));
    on.slack.deleteMessage(incidents, standing(on.slack, [incidents])[0]?.ts ?? '');
    letGo();
    await settled(on);
    expect(slots(on)).not.toContain('card');
    expect(slots(on)).not.toContain('verdict');
  });

  test('a message that is deleted is not written again, and the rest is', async () => {
    const on = await set();
    on.startKeeper();
    const letGo = on.hold();
    await on.ask({ channel: incidents, thread: null });
    await on.slack.until(() => slots(on).includes('plan'));
    on.slack.deleteMessage(incidents, standing(on.slack, [incidents])[1]?.ts ?? '');
    letGo();
    await settled(on);
    expect(slots(on)).toEqual(['card', 'cause-0', 'verdict']);
  });

  test.each([
    ['deleted', (on: Scene) => on.slack.deleteChannel(incidents)],
    ['archived', (on: Scene) => on.slack.archive(incidents)],
    ['left by the bot', (on: Scene) => on.slack.leave(incidents, on.slack.seed.app.botUser)],
  ])('a channel that is %s ends it there, and nowhere else', async (_what, act) => {
    const on = await set();
    on.startKeeper();
    const letGo = on.hold();
    await on.ask({ channel: incidents, thread: null }, 'same.example.com');
    await on.ask({ channel: war, thread: null }, 'same.example.com');
    await on.slack.until(() => slots(on).includes('plan') && slots(on, war).includes('plan'));
    act(on);
    letGo();
    await settled(on);
    expect(slots(on, war)).toEqual(whole);
  });
});

test('two bots write one thread', async () => {
  const on = await set();
  on.startKeeper();
  on.startKeeper();
  await Promise.all(Array.from({ length: 6 }, (_, index) => on.ask({ channel: index % 2 === 0 ? incidents : war, thread: null })));
  await settled(on, 60_000);
  const keys = standing(on.slack, [incidents, war]).map(({ key }) => key);
  expect(keys.length).toBe(6 * whole.length);
  expect(new Set(keys).size).toBe(keys.length);
});
