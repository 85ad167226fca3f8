import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/base/failure.ts';
import type { Captures } from '../../../src/slack/sent-file.ts';
import { result, yes } from '../../access/changes/orders.ts';
import { policy, rule } from '../../access/people.ts';
import { fileDoor } from './file-door.ts';
import { CHANGE, orderScene, POLICY, press, RUN } from './scene.ts';

const door = fileDoor();

const [server, client] = ['s1-kube-system_coredns-7c.pcap', 'c1-shop_cart.pcap'];
const bytes: Readonly<Record<string, Buffer>> = {
  [server]: Buffer.from([0xd4, 0xc3, 0xb2, 0xa1, 0, 255, 10]),
  [client]: Buffer.alloc(70_000, 7),
};
const file = (name: string, why: string | null = null) => ({ name, bytes: bytes[name]?.length ?? 0, why });

const ended = {
  state: 'done',
  requested: yes('U0ADA', { channel: 'C0HERE' }),
  result: result({ files: [file(server), file(client), file('n1-node-a.pcap', 'packed, the files are larger than 4 MiB')] }),
} as const;

/** What is kept: of these names. */
const keeping = (...names: string[]): Captures => ({
  list: async (change) => (change === CHANGE ? names.map((name) => ({ name })) : []),
  read: async (change, name) => (change === CHANGE && names.includes(name) ? (bytes[name] ?? null) : null),
});

interface Given {
  who?: string;
  where?: string;
  life?: object;
  refuse?: object;
  captures?: Captures;
  rules?: typeof POLICY;
}

/** Ben may approve, Ada asked for the capture, and C0WAR is private. */
async function shown(
  { who = 'U0BEN', where = 'C0WAR', life = ended, refuse = {}, captures = keeping(server, client), rules = POLICY }: Given = {},
  change: (scene: ReturnType<typeof orderScene>) => void = () => undefined,
) {
  const scene = orderScene({ life, policy: rules });
  scene.scene.captures = captures;
  door.into(scene, refuse);
  change(scene);
  await press(scene.counter, { action: 'dns_files', who, where });
  const methods = scene.calls.map(({ method }) => method).filter((method) => method === 'get' || method === 'complete');
  return { ...scene, methods, outcome: scene.seen[0]?.outcome, kept: scene.scene.files };
}

describe('the files of a capture', () => {
  test('are sent into the thread in one message, byte for byte, and that is kept before', async () => {
    const { calls, kept, outcome, methods, told } = await shown();
    expect(methods).toEqual(['get', 'get', 'complete']);
    expect(door.received).toEqual([bytes[server], bytes[client]]);
    expect(calls.filter(({ method }) => method === 'get').map(({ args }) => args)).toEqual([
      { filename: 'cluster-a-0123456789-s1-kube-system_coredns-7c.pcap', length: 7 },
      { filename: 'cluster-a-0123456789-c1-shop_cart.pcap', length: 70_000 },
    ]);
    expect(calls.find(({ method }) => method === 'complete')?.args).toEqual({
      files: [
        { id: 'F1', title: `Capture of cluster-a: ${server}` },
        { id: 'F2', title: `Capture of cluster-a: ${client}` },
      ],
      channel_id: 'C0WAR',
      thread_ts: '1.0',
    });
    expect(kept).toMatchObject([
      {
        ...{ person: { user: 'U0BEN' }, channel: { id: 'C0WAR' }, cluster: 'cluster-a', run: RUN, change: CHANGE },
        ...{ files: [server, client], bytes: 70_007 },
      },
    ]);
    expect(outcome).toBe('answered');
    expect(told().join()).toContain('2 files of the capture');
  });

  test('have names that a file can have, whatever the cluster is called', async () => {
    const arn = 'arn:aws:eks:eu-west-1:123456789012:cluster/../prod a';
    const { calls } = await shown({ rules: policy(rule({ clusters: ['*'], users: ['U0BEN'], may: ['approve'] })) }, ({ counter, desk }) => {
      const record = desk.runs.get(RUN)!;
      record.cluster = arn;
      record.changes![0]!.plan.cluster = arn;
      Object.assign(counter, { clusters: [arn] });
    });
    const names = calls.filter(({ method }) => method === 'get').map(({ args }) => args.filename);
    expect(names[0]).toBe('arn_aws_eks_eu-west-1_123456789012_cluster_.._prod_a-0123456789-s1-kube-system_coredns-7c.pcap');
  });

  test.each<[string, Given]>([
    ['by the one who asked for the capture, and may not approve', { who: 'U0ADA' }],
    ['by somebody who may read', { who: 'U0CAT' }],
    ['by somebody whom nobody named', { who: 'U0NEW' }],
    ['by a guest', { who: 'U0GUEST' }],
    ['by a stranger', { who: 'U0EXT' }],
    ['in a public channel', { where: 'C0HERE' }],
    ['in a shared channel', { where: 'C0SHARED' }],
    ['under a policy that has changed since', { rules: policy(rule({ users: ['U0BEN'], may: ['check', 'read', 'request'] })) }],
  ])('are not sent, nor looked for: %s', async (_what, given) => {
    const asked: string[] = [];
    const captures: Captures = {
      list: async () => [{ name: (asked.push('list'), server) }],
      read: async () => (asked.push('read'), null),
    };
    const { methods, outcome, kept, told } = await shown({ ...given, captures });
    expect([methods, kept, door.received, asked, outcome]).toEqual([[], [], [], [], 'refused']);
    expect(told()).toHaveLength(1);
    expect(told().join()).toMatch(/the files of a capture of|No file was sent/);
  });

  test.each<[string, Given]>([
    ['that are no longer kept', { captures: keeping() }],
    ['of which the first is gone in between', { captures: { ...keeping(server), read: async () => null } }],
    [
      'of which the last is gone in between',
      { captures: { ...keeping(server, client), read: async (_change, name) => (name === server ? bytes[server]! : null) } },
    ],
    ['that its result does not name', { captures: keeping('other.pcap') }],
    ['of an order that captured nothing', { life: { ...ended, result: result() } }],
    ['of an order of which none could be kept', { life: { ...ended, result: result({ files: [file(server, 'Redis does not answer')] }) } }],
    ['of an order without an end', { life: { state: 'running', requested: ended.requested, applyRun: '00000000aa' } }],
  ])('%s are said to be gone, and none is shown', async (_what, given) => {
    const { methods, outcome, kept, told } = await shown(given);
    expect([methods.includes('complete'), kept, outcome]).toEqual([false, [], 'refused']);
    expect(told().join()).toContain('no longer kept: capture again');
  });

  test('of which only some are kept are these', async () => {
    const { kept } = await shown({ captures: keeping(client, 'other.pcap') });
    expect([door.received, kept[0]]).toMatchObject([[bytes[client]], { files: [client] }]);
  });

  test('are not sent while Redis is away, which is said', async () => {
    const away = () => Promise.reject(new Failure('error', 'Redis does not answer'));
    const { methods, outcome, told } = await shown({ captures: { list: away, read: away } });
    expect([methods, outcome]).toEqual([[], 'failed']);
    expect(told().join()).toContain('Redis does not answer');
  });

  test('are not shown where that cannot be kept', async () => {
    const { methods, outcome } = await shown({}, ({ counter }) => {
      counter.onFile = () => Promise.reject(new Failure('error', 'the record cannot be reached'));
    });
    expect([methods, outcome]).toEqual([['get', 'get'], 'failed']);
  });

  test.each([
    [{ get: 'missing_scope' }, 'files:write'],
    [{ get: 'file_upload_size_restricted' }, 'file_upload_size_restricted'],
    [{ complete: 'channel_not_found' }, 'channel_not_found'],
  ])('that Slack refuses (%j) are said not to be there', async (refuse, words) => {
    const { outcome, told } = await shown({ refuse });
    expect(outcome).toBe('refused');
    expect(told().join()).toContain(words);
  });
});
