import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { expire } from '../../../src/access/changes/life.ts';
import type { AuditLog } from '../../../src/audit/log.ts';
import { openCorefiles } from '../../../src/cli/local/corefiles.ts';
import { openOrders } from '../../../src/cli/local/orders.ts';
import { stateDirectory } from '../../../src/cli/local/state-directory.ts';
import type { Change } from '../../../src/domain/change.ts';
import { directory, ID, NOW, order, store } from './made.ts';

const LATE = NOW + 3_600_000;
const expired = (change: Change) => expire(change, { cluster: 'cluster-a', run: '00000000aa', now: LATE });
const actions = async (audit: AuditLog): Promise<string[]> => (await audit.read(1, 100)).map(({ action }) => action);

/** An audit whose process dies at a line: before it is written, or after. */
const dying = (audit: AuditLog, when: 'before' | 'after'): AuditLog => ({
  ...audit,
  append: async (entry) => {
    if (when === 'after') await audit.append(entry);
    throw new Error('died');
  },
});

describe('the orders of a terminal', () => {
  test('are found again by the first ten digits of their id, or all of them', async () => {
    const { orders } = store();
    await orders.add(order());
    expect((await orders.find(ID.slice(0, 10))).change.id).toBe(ID);
    expect((await orders.find(ID)).change.id).toBe(ID);
  });

  test.each([
    ['none', 'ffffffffff', 'no order ffffffffff was made on this machine'],
    ['fewer digits', '012345678', 'is no order: expected its first ten digits'],
    ['a path', '../../../../etc/passwd', 'is no order'],
    ['what more than one begins with', '0123456789', 'more than one order begins with 0123456789'],
  ])('are not found by %s', async (_what, id, says) => {
    const { orders } = store();
    await orders.add(order());
    await orders.add(order({}, `${ID.slice(0, 31)}0`));
    await expect(orders.find(id)).rejects.toThrow(says);
  });

  test('are for their owner alone', async () => {
    const { path, orders } = store();
    await orders.add(order());
    const file = join(path, 'orders', `${ID}.json`);
    expect([statSync(file).mode & 0o777, statSync(join(path, 'orders')).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test('that cannot be read are said to be so, with the file', async () => {
    const { path, orders } = store();
    await orders.add(order());
    writeFileSync(join(path, 'orders', `${ID}.json`), '{"version": 2}');
    await expect(orders.find(ID)).rejects.toThrow(`${ID}.json is no order that this version of dns-medic can read`);
  });

  test('move together with their line of the audit', async () => {
    const { orders, audit } = store();
    await orders.add(order());
    const { order: now, stays } = await orders.move(order(), expired);
    expect([now.change.state, now.pending, stays]).toEqual(['expired', null, null]);
    expect((await orders.find(ID)).change.state).toBe('expired');
    expect(await actions(audit)).toEqual(['expired']);
  });

  test('that stay are not written', async () => {
    const { orders, audit } = store();
    const { stays } = await orders.move(order(), (change) => ({ not: { why: 'state', change } }));
    expect(stays?.why).toBe('state');
    await expect(orders.find(ID)).rejects.toThrow('no order');
    expect(await actions(audit)).toEqual([]);
  });

  test.each(['before', 'after'] as const)('have each line once where the process dies %s it is written', async (when) => {
    const { path, orders, audit } = store();
    await orders.add(order());
    const dead = openOrders(join(path, 'orders'), dying(audit, when));
    await expect(dead.move(order(), expired)).rejects.toThrow('died');
    expect((await orders.find(ID)).change.state).toBe('expired');
    expect(await orders.alone(ID, ({ change, pending }) => Promise.resolve([change.state, pending]))).toEqual(['expired', null]);
    expect(await actions(audit)).toEqual(['expired']);
    expect((await orders.find(ID)).pending).toBeNull();
    expect((await audit.verify()).ok).toBe(true);
  });

  test('are written whole: a file that was being written when the process died is none', async () => {
    const { path, orders } = store();
    await orders.add(order());
    writeFileSync(join(path, 'orders', `${ID}.json.1234.new`), '{"ver');
    expect((await orders.find(ID)).change.state).toBe('proposed');
    expect(readdirSync(join(path, 'orders'))).toHaveLength(2);
  });

  test('are worked on by one process at a time; the lock of a dead one is none', async () => {
    const { path, orders } = store();
    await orders.add(order());
    await orders.alone(ID, async () => {
      await expect(orders.alone(ID, () => Promise.resolve())).rejects.toThrow('another process of this machine works on order 0123456789');
    });
    writeFileSync(join(path, 'orders', `${ID}.json.lock`), '4194999 dead');
    await expect(orders.alone(ID, () => Promise.resolve('done'))).resolves.toBe('done');
  });

  test('are unlocked when the work fails, and its error is told as it is', async () => {
    const { path, orders } = store();
    await orders.add(order());
    await expect(orders.alone(ID, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(join(path, 'orders')).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });
});

describe('the Corefiles that worked', () => {
  const known = (text: string, seenAt: number) => ({ text, sha512: `hash of ${text}`, seenAt });

  test('are kept by cluster, newest first, each once', async () => {
    const corefiles = openCorefiles(directory());
    await corefiles.keep('cluster-a', known('one', 1));
    await corefiles.keep('cluster-a', known('two', 2));
    await corefiles.keep('cluster-a', known('one', 3));
    await corefiles.keep('arn:aws:eks:eu-west-1:1:cluster/../b', known('three', 1));
    expect((await corefiles.of('cluster-a')).map(({ text, seenAt }) => [text, seenAt])).toEqual([
      ['one', 3],
      ['two', 2],
    ]);
    expect(await corefiles.of('arn:aws:eks:eu-west-1:1:cluster/../b')).toHaveLength(1);
    expect(await corefiles.of('cluster-c')).toEqual([]);
  });

  test('are not too many, and none where the file is damaged', async () => {
    const path = directory();
    const corefiles = openCorefiles(path);
    for (let at = 0; at < 14; at += 1) await corefiles.keep('cluster-a', known(`text ${at}`, at));
    const kept = await corefiles.of('cluster-a');
    expect([kept.length, kept[0]?.seenAt]).toEqual([10, 13]);
    expect(readFileSync(join(path, 'cluster-a.json'), 'utf8')).toContain('text 13');
    writeFileSync(join(path, 'cluster-a.json'), '[{"text": 1}]');
    expect(await corefiles.of('cluster-a')).toEqual([]);
  });
});

test('the state is where the XDG Base Directory Specification has it', () => {
  expect(stateDirectory({ XDG_STATE_HOME: '/var/state' }, '/home/ada')).toBe('/var/state/dns-medic');
  expect(stateDirectory({ XDG_STATE_HOME: 'relative' }, '/home/ada')).toBe('/home/ada/.local/state/dns-medic');
  expect(stateDirectory({}, '/home/ada')).toBe('/home/ada/.local/state/dns-medic');
});
