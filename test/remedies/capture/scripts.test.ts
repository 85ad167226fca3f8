import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Begun, beginScript } from '../../../src/remedies/capture/begin-script.ts';
import { endScript, forgetScript, lookScript, statisticsOf } from '../../../src/remedies/capture/end-script.ts';
import { entering, PID_OF } from '../../../src/remedies/capture/enter.ts';
import { type Said, saidIn } from '../../../src/remedies/capture/shell.ts';
import { CaptureWorld, pod } from './capture-world.ts';

const uid = '1234abcd-5678-4000-8000-9876543210ab';
const bounds = { limitSeconds: 20, packets: 9, bytes: 100 };

describe('what captures on a node', () => {
  let world: CaptureWorld;
  let dir: string;
  beforeEach(() => {
    world = new CaptureWorld();
    ({ directory: dir } = world.place('n1'));
  });
  afterEach(() => world.forget());

  const said = async (script: string): Promise<Said[]> =>
    saidIn((await world.shell('n1', script)).text).filter(({ point }) => point !== 'node');
  const begin = (...captures: Begun[]): Promise<Said[]> => said(beginScript(dir, captures, bounds));
  const server: Begun = { id: 's1', what: pod('coredns-a', uid, '10.0.0.11'), filter: "port 53 and host 'x'" };

  test('enters the network of a pod by a process of its uid, and gives tcpdump the filter as one word', async () => {
    world.process('n1', 71, `/kubepods.slice/kubepods-pod${uid.replaceAll('-', '_')}.slice/cri-x.scope`, '10.0.0.11');
    expect(await begin(server)).toEqual([{ point: 's1', word: 'listening', text: '' }]);
    const [asked = []] = world.asked();
    expect(asked.slice(2)).toEqual(['-nn', '-s', '0', '-U', '-c', '9', '-w', '-', "port 53 and host 'x'"]);
  });

  test('takes the process that has the address of the pod, not one that made a network of its own', async () => {
    world.process('n1', 71, `/kubepods/pod${uid}/dind/nested`, '172.17.0.2');
    world.process('n1', 72, `/kubepods/pod${uid}/main`, '10.0.0.11');
    world.process('n1', 73, '/kubepods/pod00000000-0000-4000-8000-000000000000/main', '10.0.0.11');
    const found = async (what: Begun['what']) => (await world.shell('n1', `${PID_OF}\n${entering(what)}; echo "$enter"`)).text.trim();
    expect(await found(server.what)).toBe('nsenter -t 72 -n');
    expect(await found(pod('a', uid, '10.0.0.1'))).toBe('none');
    expect(await found('host')).toBe('nsenter -t 1 -n');
    expect(await found('own')).toBe('');
  });

  test('finds a pod by its IPv6 address as the kernel writes it', async () => {
    world.process('n1', 71, `/kubepods/pod${uid}/main`, 'fd000000000000000000000000000a0b');
    const { text } = await world.shell('n1', `${PID_OF}\n${entering(pod('a', uid, 'fd00::a0b'))}; echo "$enter"`);
    expect(text.trim()).toBe('nsenter -t 71 -n');
  });

  test.each([
    ['the pod is gone', () => undefined, 'no process of the pod is on this node: was it deleted or restarted?'],
    [
      'tcpdump may not',
      (at: CaptureWorld) => {
        at.process('n1', 71, `/pod${uid}`, '10.0.0.11');
        at.tool('no-rights', '');
      },
      "tcpdump: eth0: You don't have permission to perform this capture on that device",
    ],
  ])('says why where %s, and the others go on', async (_what, prepare, text) => {
    prepare(world);
    world.process('n1', 80, '/pod1234abcd-0000-4000-8000-000000000002', '10.0.0.12');
    const second = { ...server, id: 's2', what: pod('b', '1234abcd-0000-4000-8000-000000000002', '10.0.0.12') };
    const came = await begin(server, second);
    expect(came).toContainEqual({ point: 's1', word: 'failed', text });
    expect(came.some(({ point, word }) => point === 's2' && word === 'listening')).toBe(text.startsWith('no process'));
  });

  test('says that the image has no tcpdump', async () => {
    world.process('n1', 71, `/pod${uid}`, '10.0.0.11');
    const { text } = await world.shell(
      'n1',
      beginScript(dir, [server], bounds).replace('command -v tcpdump', 'command -v tcpdump-that-is-not-there'),
    );
    expect(saidIn(text)).toContainEqual({ point: 's1', word: 'failed', text: 'there is no tcpdump in the image' });
  });

  test('goes on after the script has ended, and is stopped with its statistics and a whole file', async () => {
    await begin({ id: 'n1', what: 'host', filter: 'port 53' });
    expect(await said(lookScript(dir, ['n1', 'c1']))).toEqual([{ point: 'n1', word: 'running', text: expect.stringMatching(/^[0-3]$/) }]);
    const [ended] = await said(endScript(dir, ['n1', 'c1']));
    expect(ended).toMatchObject({ point: 'n1', word: 'ended' });
    expect(statisticsOf(ended?.text ?? '')).toEqual({ bytes: 12, dropped: 2 });
    expect(readFileSync(join(dir, 'n1', 'pcap'), 'utf8')).toBe('the packets\n');
    expect(await said(lookScript(dir, ['n1']))).toMatchObject([{ word: 'ended' }]);
  });

  test('is not begun twice: a second attempt finds it listening', async () => {
    await begin({ id: 'n1', what: 'host', filter: 'port 53' });
    expect(await begin({ id: 'n1', what: 'host', filter: 'port 53' })).toEqual([
      { point: 'n1', word: 'begun', text: '' },
      { point: 'n1', word: 'listening', text: '' },
    ]);
    expect(world.asked()).toHaveLength(1);
  });

  test('ends by itself when its bytes are full', async () => {
    await said(beginScript(dir, [{ id: 'n1', what: 'host', filter: 'port 53' }], { ...bounds, bytes: 4 }));
    const [ended] = await said(endScript(dir, ['n1']));
    expect(statisticsOf(ended?.text ?? '')?.bytes).toBe(4);
  });

  test('ends by itself when its time is over, whoever forgets it', async () => {
    await said(beginScript(dir, [{ id: 'n1', what: 'host', filter: 'port 53' }], { ...bounds, limitSeconds: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(await said(lookScript(dir, ['n1']))).toMatchObject([{ word: 'ended' }]);
  });

  test('is forgotten whole', async () => {
    await begin({ id: 'n1', what: 'host', filter: 'port 53' });
    await world.shell('n1', forgetScript(dir));
    expect(await said(lookScript(dir, ['n1']))).toEqual([]);
    await world.shell('n1', forgetScript(`${dir}/not-there`));
  });
});

describe('what scripts say', () => {
  test('is read line by line, and nothing else is taken for it', () => {
    const text = [
      'noise',
      '@@dns-medic s1 ended 12 a  b ',
      '@@dns-medic S1 ended x',
      '@@dns-medic s1',
      `@@dns-medic s1 x ${'y'.repeat(500)}`,
    ].join('\n');
    expect(saidIn(text)).toEqual([{ point: 's1', word: 'ended', text: '12 a  b' }]);
  });

  test.each([
    ['12 7 packets captured 2 packets dropped by kernel', { bytes: 12, dropped: 2 }],
    ['0 1 packet dropped by kernel', { bytes: 0, dropped: 1 }],
    ['99', { bytes: 99, dropped: null }],
    ['99999999999999', null],
    ['', null],
    ['x 12', null],
  ])('of an end: %s', (text, expected) => {
    expect(statisticsOf(text)).toEqual(expected);
  });
});
