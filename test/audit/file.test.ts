import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openAuditFile } from '../../src/audit/file.ts';
import { headOf } from '../../src/audit/chain.ts';
import { entry } from './entries.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dns-medic-audit-'));
  path = join(directory, 'state', 'audit.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('lines are kept one after the other, for the owner alone', async () => {
  const log = openAuditFile({ path });
  expect(await log.head()).toBeNull();
  expect(await log.verify()).toMatchObject({ ok: true, lines: 0 });
  const lines = [];
  for (const at of [1, 2, 3]) lines.push(await log.append(entry({ at })));
  expect(await openAuditFile({ path }).read(2, 5)).toEqual(lines.slice(1));
  expect(await log.read(1, 1)).toEqual([lines[0]]);
  expect(await log.head()).toEqual(headOf(lines[2]!));
  expect(await log.verify(headOf(lines[1]!))).toMatchObject({ ok: true, lines: 3 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, 'state')).mode & 0o777).toBe(0o700);
});

test('a line that was changed in the file is found', async () => {
  const log = openAuditFile({ path });
  for (const at of [1, 2, 3]) await log.append(entry({ at }));
  writeFileSync(path, readFileSync(path, 'utf8').replace('"at":2', '"at":7'));
  expect(await log.verify()).toMatchObject({ ok: false, at: 2 });
});

test('a line that was written only in part is found, put aside, and said', async () => {
  const log = openAuditFile({ path });
  const first = await log.append(entry());
  appendFileSync(path, '{"at":2,"act');
  expect(await log.verify()).toEqual({ ok: false, at: 2, says: 'line 2 was written only in part: a process died at it' });
  expect(await log.head()).toEqual(headOf(first));
  await log.append(entry({ at: 3 }));
  expect(await log.verify()).toMatchObject({ ok: true, lines: 3 });
  expect(await log.read(2, 5)).toMatchObject([{ action: 'chain-restarted', details: { characters: 12 } }, { at: 3 }]);
  expect(readFileSync(`${path}.torn`, 'utf8')).toBe('{"at":2,"act\n');
});

test('the lock of a process that is dead is taken over; that of one that lives is waited for, and named', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  const pid = child.pid!;
  await once(child, 'exit');
  const log = openAuditFile({ path, patienceMs: 100 });
  await log.append(entry());
  writeFileSync(`${path}.lock`, `${pid} dead`);
  await log.append(entry());
  writeFileSync(`${path}.lock`, `${process.pid} alive`);
  await expect(log.append(entry())).rejects.toThrow(
    `another process (${process.pid}) is writing the audit; if none is, remove ${path}.lock`,
  );
  expect(await log.verify()).toMatchObject({ ok: true, lines: 2 });
});

test('two processes that write at once make one chain, also over the lock of a third that died', async () => {
  const log = openAuditFile({ path });
  await log.append(entry());
  writeFileSync(`${path}.lock`, '999999999 dead');
  const source = new URL('../../src/audit/file.ts', import.meta.url).pathname;
  const script = `const { openAuditFile } = await import(${JSON.stringify(source)});
    const log = openAuditFile({ path: ${JSON.stringify(path)}, patienceMs: 30000 });
    await Promise.all(Array.from({ length: 15 }, () => log.append(${JSON.stringify(entry())})));`;
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
  expect(codes).toEqual([0, 0, 0]);
  expect(await log.verify()).toMatchObject({ ok: true, lines: 46 });
}, 30_000);
