import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../../src/cli/engine.ts';
import { readBundle } from '../../../../src/cli/judge.ts';
import type { ThreadMessage } from '../../../../src/report/slack/message.ts';
import { threadOf } from '../../../../src/report/slack/thread.ts';
import { faultsOf } from '../faults.ts';
import { at, done, ended, inChannel, inThread } from '../made.ts';
import { shown } from '../shown.ts';

const dir = join(import.meta.dirname, '../../../bundles');
const names = readdirSync(dir).flatMap((file) => (file.endsWith('.json') && file !== 'verdicts.json' ? [file.slice(0, -5)] : []));
const around = { workers: 1, now: at };

async function threadsOf(name: string) {
  const bundle = await readBundle(join(dir, `${name}.json`));
  const report = judge(bundle);
  const record = done(report, bundle.readings);
  return { report, record, threads: [inChannel, inThread].map((place) => threadOf(record, place, around)) };
}

const find = (thread: readonly ThreadMessage[] | undefined, slot: string): ThreadMessage => {
  const message = thread?.find((one) => one.slot === slot);
  if (message === undefined) throw new Error(`no ${slot}`);
  return message;
};

/** As in `text`, where three characters are entities. */
const inText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

test('there are bundles', () => {
  expect(names.length).toBeGreaterThan(50);
});

describe.each(names)('the thread of the run recorded with %s', (name) => {
  test('is one that Slack takes, with nothing in it that could be read as markup', async () => {
    const { threads } = await threadsOf(name);
    expect(threads.flat().flatMap((message) => faultsOf(message).map((fault) => `${message.slot}: ${fault}`))).toEqual([]);
  });

  test('says all: verdict, causes with proof and every step, what was ruled out, and the lookups', async () => {
    const { report, threads } = await threadsOf(name);
    const [own] = threads;
    const { sentence, status, causes } = report.verdict;
    const card = find(own, 'card');
    const verdict = find(own, 'verdict');
    const said = status === 'healthy' ? 'Every lookup was answered, and no fault was found.' : sentence;
    for (const message of [card, verdict])
      expect([message.text.includes(inText(said)), shown(message).includes(said)]).toEqual([true, true]);
    expect(verdict.text).toContain('Ruled out');
    const looked = report.readings.some(({ id, status: state }) => id === 'lookups' && state === 'ok');
    expect(shown(verdict)).toContain(looked ? 'udp int' : 'Could not be looked at');
    causes.forEach((code, index) => {
      const cause = find(own, `cause-${index}`);
      const findings = report.findings.filter((finding) => finding.code === code && finding.explainedBy === null);
      expect(cause.text).toContain(code);
      expect(cause.text).toContain('How we know:');
      for (const step of findings.flatMap(({ next }) => next)) expect(cause.text).toContain(inText(step).slice(0, 300));
      expect(shown(cause)).not.toContain('lines cut');
    });
    expect(own?.filter(({ slot }) => slot.startsWith('cause-'))).toHaveLength(causes.length);
  });

  test('leaves no placeholder, and says nothing of flags that Slack has not', async () => {
    const { threads } = await threadsOf(name);
    for (const message of threads.flat())
      expect(`${message.text}\n${shown(message)}`).not.toMatch(/\{[a-z]\w*\}|undefined|NaN|--json|\[object/);
  });

  test('is the same each time, whatever the time', async () => {
    const { record, threads } = await threadsOf(name);
    expect(threadOf(structuredClone(record), inChannel, { workers: 0, now: at + 1e9 })).toEqual(threads[0]);
  });

  test('is also shown in the channel only when it took long and found a fault', async () => {
    const { record, report } = await threadsOf(name);
    const slow = { ...record, progress: ended({ endedAt: record.createdAt + 60_001 }) };
    const broadcast = (one: typeof record, place: typeof inChannel) =>
      threadOf(one, place, around)
        .filter((message) => message.broadcast)
        .map(({ slot }) => slot);
    const fault = report.verdict.status === 'broken' || report.verdict.status === 'degraded';
    expect(broadcast(slow, inChannel)).toEqual(fault ? ['verdict'] : []);
    expect([broadcast(record, inChannel), broadcast(slow, inThread)]).toEqual([[], []]);
  });
});
