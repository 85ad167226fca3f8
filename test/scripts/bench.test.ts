import { describe, expect, test } from '@jest/globals';
import { typed } from '../../scripts/bench/commands.ts';
import { bucketOf, samplesOf } from '../../scripts/bench/metrics.ts';
import { atMost, plainly } from '../../scripts/bench/part.ts';
import { memoryIn } from '../../scripts/bench/process-memory.ts';
import { median, quantile } from '../../scripts/bench/quantile.ts';
import { tableOf } from '../../scripts/bench/table.ts';
import { watchThreads } from '../../scripts/bench/watch-threads.ts';

describe('quantiles', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  test('are values that were measured, by nearest rank', () => {
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile(hundred, 1)]).toEqual([50, 99, 100]);
    expect([median([3, 1, 2]), quantile([7], 0.99)]).toEqual([2, 7]);
  });

  test('of nothing are no number, which meets no target', () => {
    expect(atMost('p99', quantile([], 0.99), 50, 'ms').met).toBe(false);
  });
});

test('a table shows each number beside its target, and marks those that miss it', () => {
  const table = tableOf('part', [atMost('fast', 7.12, 50, 'ms'), atMost('slow', 51, 50, 'ms'), plainly('so', '3')]);
  expect(table).toBe(
    ['part  measured  target', 'fast    7.1 ms   50 ms  met', 'slow   51.0 ms   50 ms  MISSED', 'so           3', ''].join('\n'),
  );
});

describe('memory of a process', () => {
  test('is read in MB of a million bytes', () => {
    expect(memoryIn('Name:\tnode\nVmHWM:\t  200000 kB\nVmRSS:\t  100000 kB\n')).toEqual({ now: 102.4, peak: 204.8 });
  });

  test('of a process that has ended is an error, not 0', () => {
    expect(() => memoryIn('Name:\tnode\nState:\tZ (zombie)\n')).toThrow('VmRSS');
  });
});

test('samples of one metric are read with their labels, also odd ones', () => {
  const text = '# TYPE a counter\na{kind="x",outcome="say \\"no\\", {so}"} 3\na_total{kind="x"} 9\na 2.5e3\n';
  expect(samplesOf(text, 'a')).toEqual([
    { labels: { kind: 'x', outcome: 'say \\"no\\", {so}' }, value: 3 },
    { labels: {}, value: 2500 },
  ]);
});

test('a share of a histogram is within the bound of its bucket', () => {
  const text = ['0.01"} 98', '0.05"} 99', '+Inf"} 100'].map((rest) => `a_bucket{kind="x",le="${rest}`).join('\n');
  expect([0.5, 0.99, 1].map((share) => bucketOf(text, 'a', { kind: 'x' }, share))).toEqual([0.01, 0.05, Number.POSITIVE_INFINITY]);
  expect(bucketOf(text, 'a', { kind: 'y' }, 0.99)).toBeNaN();
});

test('commands are the same for the same seed, and a tenth of them are refused', () => {
  const commands = typed(3_000, 1);
  expect(typed(3_000, 1)).toEqual(commands);
  expect(typed(3_000, 2)).not.toEqual(commands);
  const refused = commands.filter(({ user }) => user.startsWith('U0OTHER')).length;
  expect(refused).toBeGreaterThan(200);
  expect(refused).toBeLessThan(400);
  expect(new Set(commands.flatMap(({ text }) => /^check (.+)/.exec(text)?.[1] ?? [])).size).toBe(40);
});

describe('a thread that is watched', () => {
  const message = (ts: string, slot: string, text: string, threadTs: string | null = '1.0') =>
    ({ ts, text, threadTs, metadata: { event_payload: { key: `0123456789/C0A/${slot}` } } }) as never;
  const watch = (messages: readonly never[]) => {
    const watched = watchThreads({ messages: () => messages } as never, [{ channel: 'C0A', cluster: 'cluster-01', at: 0, after: '0.5' }]);
    return { final: watched.look(), seen: watched.seen[0] };
  };
  const card = message('1.0', 'card', '🔴 DNS broken · cluster-01 · x', null);
  const plan = message('1.1', 'plan', 'All 17 steps are done\nDone: a');
  const verdict = message('1.2', 'verdict', '🔴 DNS broken · cluster-01');

  test('is final when card, steps and verdict say the last', () => {
    expect(watch([card, plan, verdict]).final).toBe(true);
  });

  test('is not while the card runs, steps are open, or the verdict is missing', () => {
    expect(watch([message('1.0', 'card', '🔎 DNS check running · cluster-01', null), plan, verdict]).final).toBe(false);
    expect(watch([card, message('1.1', 'plan', '16 of 17 done'), verdict]).final).toBe(false);
    expect(watch([card, plan])).toMatchObject({
      final: false,
      seen: { card: expect.any(Number), verdict: expect.any(Number), thread: null },
    });
  });

  test('is not that of another cluster, nor one that stood there before', () => {
    expect(watch([message('1.0', 'card', '🔴 DNS broken · cluster-010', null), plan, verdict]).seen).toMatchObject({ card: null });
    expect(watch([message('0.4', 'card', '🔴 DNS broken · cluster-01', null)]).seen).toMatchObject({ card: null });
  });
});
