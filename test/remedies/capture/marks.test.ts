import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { markJobs, sentOf } from '../../../src/remedies/capture/marks.ts';
import { marksMs, marksScript, printedOf } from '../../../src/remedies/capture/marks-script.ts';
import { CaptureWorld, captureData, pod } from './capture-world.ts';

const order = 'a'.repeat(32);
const data = captureData([], {
  outside: 'amazon.com',
  targets: [
    { server: '10.100.0.10', port: 53, kind: 'cluster-ip' },
    { server: '10.0.0.11', port: 1053, kind: 'pod' },
  ],
});

describe('marked queries', () => {
  const jobs = markJobs(order, 'c1', data);

  test('are asked of every server over both transports, and of CoreDNS pods for names of the world', () => {
    const count = (server: string, transport: string, end: string): number =>
      jobs.filter((job) => job.server === server && job.transport === transport && job.name.endsWith(end)).length;
    expect(count('10.100.0.10', 'udp', '.kubernetes.default.svc.cluster.local.')).toBe(20);
    expect(count('10.100.0.10', 'tcp', '.kubernetes.default.svc.cluster.local.')).toBe(5);
    expect(count('10.100.0.10', 'udp', '.amazon.com.')).toBe(0);
    expect(count('10.0.0.11', 'udp', '.amazon.com.')).toBe(5);
    expect(jobs.every(({ server, port }) => (server === '10.0.0.11') === (port === 1053))).toBe(true);
  });

  test('have names that nobody asks for twice, all of the form that captures are searched for', () => {
    const all = [...jobs, ...markJobs(order, 'c2', data), ...markJobs('b'.repeat(32), 'c1', data)].map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((name) => !/^dnsbot-[0-9a-f]{8}-\d{1,2}\.[a-z.]+\.$/.test(name))).toEqual([]);
    expect(markJobs(order, 'c1', data)).toEqual(jobs);
  });

  test('have a bound that holds if nobody answers', () => {
    expect(marksMs(jobs)).toBe(5_000 + Math.ceil(jobs.length / 10) * 2_200);
    expect(marksMs([])).toBe(5_000);
  });
});

describe('the script that sends them', () => {
  let world: CaptureWorld;
  let dir: string;
  beforeEach(() => {
    world = new CaptureWorld();
    ({ directory: dir } = world.place('n1'));
  });
  afterEach(() => world.forget());

  const jobs = markJobs(order, 'c1', { ...data, outside: null }).filter(({ name }) => /-(?:1|2|21)\./.test(name));
  const send = (what: Parameters<typeof marksScript>[1]['what'] = 'own') => world.shell('n1', marksScript(dir, { id: 'c1', what }, jobs));

  test('tells for each whether it was answered', async () => {
    world.tool('silent', '10.0.0.11\n');
    const sent = sentOf('c1', jobs, printedOf((await send()).text, jobs.length));
    expect(sent).toHaveLength(jobs.length);
    expect(sent.every(({ server, answered }) => answered === (server !== '10.0.0.11'))).toBe(true);
    expect(sent[0]).toEqual({
      point: 'c1',
      server: '10.100.0.10',
      transport: 'udp',
      name: jobs[0]?.name.slice(0, -1),
      answered: true,
    });
    const tcp = world.digs().filter((line) => line.includes('+tcp'));
    expect(tcp).toHaveLength(jobs.filter(({ transport }) => transport === 'tcp').length);
    expect(world.digs().every((line) => line.includes('+tries=1'))).toBe(true);
  });

  test('sends them once: whoever runs it again hears the same', async () => {
    const first = (await send()).text;
    expect((await send()).text).toBe(first);
    expect(world.digs()).toHaveLength(jobs.length);
    expect(existsSync(join(dir, 'c1', 'marks', 'end'))).toBe(true);
  });

  test('says that the image has no dig, or that the pod is gone', async () => {
    expect(await send(pod('a', '1234abcd-0000-4000-8000-000000000009', '10.0.0.9'))).toMatchObject({
      exitCode: 3,
      stderr: 'no process of the pod is on this node\n',
    });
    const without = marksScript(dir, { id: 'c1', what: 'own' }, jobs).replace('command -v dig', 'command -v dig-that-is-not-there');
    expect(await world.shell('n1', without)).toMatchObject({ exitCode: 4, stderr: 'there is no dig in the image\n' });
  });
});

describe('what dig printed', () => {
  const [job] = markJobs(order, 'c1', data);
  const of = (printed: readonly (string | null)[]) => sentOf('c1', [job!], printed);

  test.each([
    ['nothing', null],
    ['no dig', 'sh: dig: not found'],
    ['killed', 'Killed\n'],
  ])('of a query that was never sent is not told: %s', (_what, output) => {
    expect(of(printedOf(output === null ? '' : `@@dns-medic-job 0\n${output}`, 1))).toEqual([]);
  });

  test('is kept apart by number, whatever else is printed', () => {
    const text = '@@dns-medic-job 7\n;; x\n@@dns-medic-job x\n;; y\n@@dns-medic-job 1\n;; z\n@@dns-medic-job -1\n;; q';
    expect(printedOf(text, 2)).toEqual([null, ';; z\n']);
  });
});
