import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { openAuditFile } from '../../src/audit/file.ts';
import type { AuditEntry } from '../../src/domain/audit.ts';
import { directory } from './local/made.ts';
import { medic } from './run.ts';

jest.setTimeout(60_000);

const entry = (action: AuditEntry['action']): AuditEntry => ({
  at: 1_700_000_000_000,
  actor: { kind: 'terminal', id: 'ada@laptop' },
  action,
  cluster: 'cluster-a',
  change: null,
  remedy: 'scale-coredns',
  run: null,
  digest: null,
  details: {},
});

async function chain() {
  const path = join(directory(), 'dns-medic', 'audit.jsonl');
  const audit = openAuditFile({ path });
  for (const action of ['requested', 'started', 'done'] as const) await audit.append(entry(action));
  return { path, state: join(path, '..', '..'), head: await audit.head() };
}

describe('dns-medic audit', () => {
  test('says that the chain of this machine is whole, and its end', async () => {
    const { state, head } = await chain();
    const { status, stdout } = await medic(['audit', 'verify'], { XDG_STATE_HOME: state });
    expect(status).toBe(0);
    expect(stdout).toContain('3 lines, each as it was written.');
    expect(stdout).toContain(`Its end, to note elsewhere: 3:${head?.hash}`);
  });

  test('finds a line that was changed, and ends with 1', async () => {
    const { path } = await chain();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"started"', '"expired"'));
    const { status, stdout } = await medic(['audit', 'verify', '--file', path]);
    expect([status, stdout.split('\n')[1]]).toEqual([1, 'line 2 was changed: its hash does not fit what it says.']);
  });

  test('finds that the end was cut off, where the end was noted before', async () => {
    const { path, head } = await chain();
    writeFileSync(path, `${readFileSync(path, 'utf8').split('\n').slice(0, 2).join('\n')}\n`);
    const cut = await medic(['audit', 'verify', '--file', path, '--json']);
    expect([cut.status, JSON.parse(cut.stdout)]).toMatchObject([0, { ok: true, lines: 2 }]);
    const known = await medic(['audit', 'verify', '--file', path, '--known', `3:${head?.hash}`]);
    expect([known.status, known.stdout]).toEqual([1, expect.stringContaining('line 3 is known to have been written')]);
  });

  test('exports every line as it was written, and for people', async () => {
    const { path } = await chain();
    const [json, text] = await Promise.all([
      medic(['audit', 'export', '--file', path]),
      medic(['audit', 'export', '--text', '--file', path]),
    ]);
    expect(json.stdout).toBe(readFileSync(path, 'utf8'));
    expect(text.stdout).toContain('scale-coredns');
  });

  test('is empty where nothing was done yet', async () => {
    const { status, stdout } = await medic(['audit', 'verify'], { XDG_STATE_HOME: directory() });
    expect([status, stdout.split('  ')[0]]).toEqual([0, 'EMPTY']);
  });

  test.each([
    ['a file that is not there', ['verify', '--file', 'nowhere'], 64, 'nowhere is not there'],
    ['two chains', ['verify', '--file', 'some.jsonl', '--redis'], 64, 'name one'],
    ['an end that is none', ['verify', '--known', '3'], 64, 'expected LINE:HASH'],
    ['no Redis', ['export', '--redis'], 64, 'REDIS_URL: not set'],
    ['a Redis that is not there', ['verify', '--redis', 'redis://127.0.0.1:1'], 2, 'ECONNREFUSED'],
  ])('with %s says so', async (_what, args, status, says) => {
    const ended = await medic(['audit', ...args]);
    expect([ended.status, ended.stderr]).toEqual([status, expect.stringContaining(says)]);
  });
});
