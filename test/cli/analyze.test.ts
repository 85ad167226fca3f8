import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { CaptureReport } from '../../src/domain/capture.ts';
import { asPcap } from '../packets/as-pcap.ts';
import { type Happens, Network } from '../packets/network.ts';
import { answer, client, clusterIp, inOrder, type Packet, podA, podB, query, segment } from '../packets/traffic.ts';
import { directory, medic } from './run.ts';

// every test starts processes, on a machine that may have more to do
jest.setTimeout(60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function pcap(name: string, packets: readonly Packet[]): string {
  const path = join(directory, name);
  writeFileSync(path, asPcap(inOrder(packets)));
  return path;
}

/** A client that asks both pods and a third server, and the captures at the client and at pod A. */
function captured(name: string, happens: (i: number) => Happens): { atClient: string; atPod: string } {
  const network = new Network();
  for (let i = 0; i < 40; i++)
    network.ask(
      { to: i % 2 === 0 ? podA : podB, id: i, name: `payroll-${i}.hr.svc.cluster.local`, at: i * 50 },
      i % 2 === 0 ? 'a' : 'b',
      happens(i),
    );
  for (let i = 0; i < 4; i++) network.at('s1', query({ from: podA, to: '172.30.0.2', id: 900 + i, name: `up${i}.example`, at: i }));
  for (let i = 0; i < 4; i++) network.at('s1', answer({ from: podA, to: '172.30.0.2', id: 900 + i, name: `up${i}.example`, at: i + 0.5 }));
  network.later().at('c1', answer({ at: 60_001, to: '9.9.9.9', name: 'later.example' }));
  network.at('s1', query({ from: podA, to: '172.30.0.2', id: 990, port: 7, name: 'later.example', at: 60_000 }));
  network.at('s1', answer({ from: podA, to: '172.30.0.2', id: 990, port: 7, name: 'later.example', at: 60_001 }));
  return {
    atClient: pcap(`${name}-client.pcap`, network.packets['c1'] ?? []),
    atPod: pcap(`${name}-pod.pcap`, network.packets['s1'] ?? []),
  };
}

describe('analyze', () => {
  const well = captured('well', () => ({}));
  const dropping = captured('dropping', (i) => ({ droppedInPod: i % 2 === 0 }));

  test('one capture of a client that is served ends with 0', async () => {
    const { status, stdout, stderr } = await medic(['analyze', well.atClient]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toBe('HEALTHY  dns-ok');
    expect(stdout).toContain('41 of 41 requests were answered in time');
  });

  test.each([
    ['client first', (): string[] => [dropping.atClient, dropping.atPod]],
    ['server first', (): string[] => [dropping.atPod, dropping.atClient]],
    ['told which is which', (): string[] => [dropping.atPod, dropping.atClient, '--client', client, '--server', podA]],
  ])('two captures tell where queries are lost (%s)', async (_what, args) => {
    const { status, stdout } = await medic(['analyze', '--json', ...args()]);
    expect(status).toBe(1);
    const report = CaptureReport.parse(JSON.parse(stdout));
    expect(report.verdict).toMatchObject({ status: 'broken', code: 'dropped-in-pod' });
    expect(report.ways.find(({ server }) => server.address === podA)?.udp).toMatchObject({ sent: 20, arrived: 20, answered: 0 });
    expect(report.ways.find(({ server }) => server.address === podB)?.verdict).toBe('dns-ok');
  });

  test('names and clients are shown only when asked for', async () => {
    const [hidden, json, shown] = await Promise.all([
      medic(['analyze', dropping.atClient]),
      medic(['analyze', dropping.atClient, '--json']),
      medic(['analyze', dropping.atClient, '--names']),
    ]);
    for (const { stdout } of [hidden, json]) {
      expect(stdout).not.toContain('payroll');
      expect(stdout).not.toContain(client);
    }
    expect(hidden.stdout).toContain('--names shows them');
    expect(shown.stdout).toContain('payroll');
    expect(shown.stdout).toContain(client);
  });

  test('from one capture no more is said than it shows', async () => {
    const { status, stdout } = await medic(['analyze', dropping.atClient]);
    expect(status).toBe(1);
    expect(stdout.split('\n')[0]).toBe('BROKEN  unanswered');
    expect(stdout.replaceAll('\n', ' ')).toContain('it cannot be told where they are lost');
    expect(stdout).toContain('Next: Capture at the server too');
  });

  test('TCP that is refused, beside UDP that works', async () => {
    const packets = Array.from({ length: 5 }, (_, i) => [
      query({ id: i, port: 100 + i, at: i * 100 }),
      answer({ id: i, port: 100 + i, at: i * 100 + 1 }),
      segment({ port: 200 + i, at: i * 100 + 2 }, 'syn'),
      segment({ port: 200 + i, at: i * 100 + 3 }, 'reset'),
    ]).flat();
    const { status, stdout } = await medic(['analyze', pcap('refused.pcap', packets)]);
    expect(status).toBe(1);
    expect(stdout.split('\n')[0]).toBe('DEGRADED  tcp-blocked');
    expect(stdout).toContain('5 refused');
  });

  test('a file without DNS, or whose queries are too young, ends with 2', async () => {
    const [none, young] = await Promise.all([
      medic(['analyze', pcap('none.pcap', [])]),
      medic(['analyze', pcap('young.pcap', [query({ to: clusterIp })])]),
    ]);
    expect(none).toMatchObject({ status: 2 });
    expect(none.stdout).toContain('No packet of DNS was captured.');
    expect(young).toMatchObject({ status: 2 });
    expect(young.stdout).toContain('ended within two seconds');
  });

  test('a file that is cut is read as far as it goes, and said to be', async () => {
    const path = join(directory, 'cut.pcap');
    writeFileSync(path, asPcap([query(), answer({ at: 1 }), query({ at: 2, id: 2 })]).subarray(0, -5));
    const { status, stdout } = await medic(['analyze', path]);
    expect(status).toBe(0);
    expect(stdout).toContain('The file ends before its end');
  });

  test.each([
    ['no file', (): string[] => [], "missing required argument 'file'"],
    ['a file that is not there', (): string[] => [well.atClient, 'nowhere.pcap'], 'nowhere.pcap: no such file'],
    [
      'a text',
      (): string[] => {
        writeFileSync(join(directory, 'text.txt'), 'hello, this is not a capture at all');
        return ['text.txt'];
      },
      'text.txt: not a capture',
    ],
    [
      'an empty file',
      (): string[] => {
        writeFileSync(join(directory, 'empty.pcap'), '');
        return ['empty.pcap'];
      },
      'empty.pcap: an empty file',
    ],
    [
      'a directory',
      (): string[] => {
        mkdirSync(join(directory, 'dir'), { recursive: true });
        return ['dir'];
      },
      'dir: not a file',
    ],
    ['a client that is no address', (): string[] => [well.atClient, '--client', 'cart'], 'expected an IP address'],
    ['a client that asks nothing', (): string[] => [well.atClient, '--client', '10.9.9.9'], '--client 10.9.9.9: asks nothing'],
    ['a server that nobody asks', (): string[] => [well.atClient, '--server', '10.9.9.9'], '--server 10.9.9.9: is asked nothing'],
  ])('%s is wrong usage', async (_what, args, said) => {
    const { status, stdout, stderr } = await medic(['analyze', ...args()]);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(said);
  });
});
