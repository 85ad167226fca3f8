import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import { fileOf } from '../../../src/slack/changes/lines.ts';
import { result, yes } from '../../access/changes/orders.ts';
import { fileDoor } from './file-door.ts';
import { CHANGE, orderScene, press, RUN } from './scene.ts';

describe('a file of lines', () => {
  test('holds them in order, each on one line, without control characters', () => {
    const { bytes, lines } = fileOf(['a\nb', '\u001B[31mred\u001B[0m', 'x\u202Ey\tz', 'é']);
    expect(bytes.toString('utf8')).toBe('a b\n[31mred[0m\nxy\tz\né\n');
    expect(lines).toBe(4);
  });

  test('holds the newest that fit', () => {
    expect(fileOf(['1111', '22', '3'], 5)).toEqual({ bytes: Buffer.from('22\n3\n'), lines: 2 });
    expect(fileOf(['é'.repeat(3)], 6)).toEqual({ bytes: Buffer.from(''), lines: 0 });
  });
});

const door = fileDoor();
const received = (): string[] => door.received.map(String);

const ended = {
  state: 'undone',
  requested: yes('U0ADA', { channel: 'C0HERE' }),
  result: result({ lines: ['early'] }),
  undoResult: result({ lines: ['one', 'two'] }),
} as const;

describe('the lines of a query log', () => {
  const shown = async (
    { who = 'U0CAT', where = 'C0WAR', life = ended, refuse = {} }: { who?: string; where?: string; life?: object; refuse?: object } = {},
    change: (scene: ReturnType<typeof orderScene>) => void = () => undefined,
  ) => {
    const scene = orderScene({ life });
    door.into(scene, refuse);
    change(scene);
    await press(scene.counter, { action: 'dns_lines', who, where });
    const methods = scene.calls.map(({ method }) => method).filter((method) => method === 'get' || method === 'complete');
    return { ...scene, methods, outcome: scene.seen[0]?.outcome, kept: scene.scene.files };
  };

  test('are sent into the thread as a file, and that is kept', async () => {
    const { calls, kept, outcome } = await shown();
    expect(received()).toEqual(['one\ntwo\n']);
    expect(calls.find(({ method }) => method === 'complete')?.args).toMatchObject({
      files: [{ id: 'F1', title: 'Query log of cluster-a, 2 lines' }],
      channel_id: 'C0WAR',
      thread_ts: '1.0',
    });
    expect(kept).toMatchObject([
      { person: { user: 'U0CAT' }, channel: { id: 'C0WAR' }, cluster: 'cluster-a', run: RUN, change: CHANGE, lines: 2, bytes: 8 },
    ]);
    expect(outcome).toBe('answered');
  });

  test('are those of the beginning where there are no others', async () => {
    await shown({ life: { ...ended, undoResult: null } });
    expect(received()).toEqual(['early\n']);
  });

  test.each([
    ['by somebody who may not read', { who: 'U0NEW', where: 'C0WAR' }],
    ['by a guest', { who: 'U0GUEST', where: 'C0WAR' }],
    ['in a public channel', { where: 'C0HERE' }],
    ['in a shared channel', { where: 'C0SHARED' }],
    ['where there are none', { life: { ...ended, result: null, undoResult: null } }],
  ])('are not sent: %s', async (_what, given) => {
    const { methods, outcome, kept, told } = await shown(given);
    expect([methods, kept, received(), outcome]).toEqual([[], [], [], 'refused']);
    expect(told()).toHaveLength(1);
  });

  test('are not sent without the scope, which is said', async () => {
    const { kept, outcome, told } = await shown({ refuse: { get: 'missing_scope' } });
    expect([received(), kept, outcome]).toEqual([[], [], 'refused']);
    expect(told().join()).toContain('files:write');
  });

  test('are not shown where that cannot be kept', async () => {
    const { methods, outcome } = await shown({}, ({ counter }) => {
      counter.onFile = () => Promise.reject(new Failure('error', 'the record cannot be reached'));
    });
    expect([methods, outcome]).toEqual([['get'], 'failed']);
  });

  test('that Slack does not take are not shown', async () => {
    door.status = 500;
    const { methods, outcome, kept } = await shown();
    expect([methods, outcome, kept]).toEqual([['get'], 'failed', []]);
  });

  test('that Slack does not show are said not to be', async () => {
    const { outcome, told } = await shown({ refuse: { complete: 'channel_not_found' } });
    expect(outcome).toBe('refused');
    expect(told().join()).toContain('channel_not_found');
  });
});
