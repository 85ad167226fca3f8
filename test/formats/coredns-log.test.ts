import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classifyCorednsLine, stillHolds, summariseCorednsLog } from '../../src/formats/coredns-log.ts';

const now = new Date('2026-11-23T08:00:00Z');
const hash = (c: string) => `[INFO] plugin/reload: Running configuration SHA512 = ${c.repeat(128)}`;
const failed =
  "[ERROR] plugin/reload: Corefile changed but reload failed: starting with listener file descriptors: C:2 - Error during parsing: Unknown directive 'lg'";
const restart = "[ERROR] Restart failed: C:2 - Error during parsing: Unknown directive 'lg'";
const start = ['.:53', hash('a'), 'CoreDNS-1.12.4', 'linux/amd64, go1.26.8, '];

/** Lines as the kubelet gives them, one each second from 07:59:00 on. */
const log = (...said: string[]) => said.map((line, i) => `2026-11-23T07:59:${String(i).padStart(2, '0')}.000000000Z ${line}\n`).join('');
const summary = (...said: string[]) => summariseCorednsLog(log(...said), now);
const classOf = (result: ReturnType<typeof summary>, name: string) => result.classes.find((found) => found.class === name);

describe('the summary of a log', () => {
  test('a start gives the version and the hash that runs', () => {
    expect(summary(...start)).toMatchObject({ version: '1.12.4', runningSha512: 'a'.repeat(128), lines: 4 });
  });

  test('a failed reload holds, is counted once and keeps the hash from before', () => {
    const result = summary(...start, '[INFO] Reloading', restart, failed);
    const found = classOf(result, 'reload-failed');
    expect(found).toMatchObject({
      count: 1,
      lastAt: '2026-11-23T07:59:06.000000000Z',
      fields: { directive: 'lg', afterReload: 'true', ageSeconds: '54' },
    });
    expect(found && stillHolds(found)).toBe(true);
    expect(result.runningSha512).toBe('a'.repeat(128));
  });

  test('a failed reload that a later one mended does not hold', () => {
    const result = summary(...start, '[INFO] Reloading', restart, failed, '[INFO] Reloading', hash('b'), '[INFO] Reloading complete');
    const found = classOf(result, 'reload-failed');
    expect(found).toMatchObject({ count: 1, fields: { afterReload: 'false', countSince: '0' } });
    expect(found && stillHolds(found)).toBe(false);
    expect(result.runningSha512).toBe('b'.repeat(128));
  });

  test('a Corefile that did not parse an hour ago does not hold, for it would be said again', () => {
    const text = log(...start, '[WARNING] plugin/reload: Corefile parse failed: C:19 - Error during parsing: Unexpected EOF');
    const holds = (at: string) =>
      summariseCorednsLog(text, new Date(at))
        .classes.filter((found) => found.class === 'reload-parse-failed')
        .map(stillHolds);
    expect(holds('2026-11-23T08:00:00Z')).toEqual([true]);
    expect(holds('2026-11-23T09:00:00Z')).toEqual([false]);
  });

  test('trouble with the API at the start of a pod that has been well for an hour does not hold', () => {
    const text = log(...start, '[INFO] plugin/ready: Plugins not ready: "kubernetes"', '[ERROR] plugin/kubernetes: Failed to watch');
    const holds = (at: string) =>
      summariseCorednsLog(text, new Date(at))
        .classes.filter(stillHolds)
        .map((found) => found.class);
    expect(holds('2026-11-23T08:00:00Z')).toEqual(['not-ready-plugins', 'api-bare']);
    expect(holds('2026-11-23T09:00:00Z')).toEqual([]);
  });

  test('a fatal of a container that never started holds', () => {
    const [found] = summary("/etc/coredns/Corefile:3 - Error during parsing: Unknown directive 'lg'").classes;
    expect(found).toMatchObject({ class: 'corefile-error', fields: { afterReload: 'true' } });
  });

  test('summaries of consolidate count for what they stand for, and all upstreams are named', () => {
    const errors = ['1', '2', '3'].map((n) => `[ERROR] plugin/errors: 2 x. A: read udp 10.0.1.5:4->10.0.0.${n}:53: i/o timeout`);
    const result = summary(...errors, "[ERROR] plugin/errors: 12 errors like '.* i/o timeout$' occurred in last 30s");
    expect(classOf(result, 'upstream-timeout')).toMatchObject({ count: 15, fields: { upstreams: '10.0.0.1:53,10.0.0.2:53,10.0.0.3:53' } });
  });

  test('query lines are read with their times and counted around a reload', () => {
    const line = '[INFO] [2001:db8::9]:43480 - 32783 "A IN a.example. udp 50 false 1232" - - 0 2.0005s';
    const result = summary(line, ...start, line, line);
    expect(result.queries).toHaveLength(3);
    expect(result.queries[0]).toMatchObject({ ip: '2001:db8::9', at: Date.parse('2026-11-23T07:59:00Z'), rcode: '-', seconds: 2.0005 });
    expect(classOf(result, 'query')).toMatchObject({
      count: 3,
      lastAt: '2026-11-23T07:59:06.000Z',
      fields: { countSince: '2', afterReload: 'true' },
    });
  });

  test('queries can be taken as they come', () => {
    const seen: string[] = [];
    const result = summariseCorednsLog(log('[INFO] 1.2.3.4:5 - 6 "A IN a. udp 50 false 512" NOERROR qr 5 0.1s'), now, (query) =>
      seen.push(query.name),
    );
    expect([seen, result.queries]).toEqual([['a.'], []]);
  });
});

describe('hostile logs', () => {
  test('ten megabytes in one line, of control characters, and of near misses are read in no time', () => {
    const started = performance.now();
    summariseCorednsLog('x'.repeat(10_000_000), now);
    summariseCorednsLog('\x1b[\x00'.repeat(3_000_000), now);
    summariseCorednsLog(`[ERROR] plugin/errors: 2 ${'a.'.repeat(5_000_000)}`, now);
    summariseCorednsLog('[INFO] 1.2.3.4:5 - 6 "A IN \n'.repeat(100_000), now);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('a sample and fields are short', () => {
    const [found] = summary(`[ERROR] plugin/errors: 2 a. A: ${'y'.repeat(5000)}`).classes;
    expect([found?.sample.length, found?.fields['reason']?.length]).toEqual([500, 500]);
  });

  const word = fc.constantFrom(
    '[ERROR] ',
    '[INFO] ',
    'plugin/errors: ',
    'plugin/reload: ',
    '2 ',
    'a. ',
    'A: ',
    'i/o timeout',
    '"',
    ':53',
    ' - ',
    '\n',
    '\\',
    "'",
    '[',
    ']',
    'E0225 14:25:57.689877 1 a.go:1] ',
  );
  test('nothing makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word).map((words) => words.join('')),
        ),
        (text) => {
          classifyCorednsLine(text);
          summariseCorednsLog(text, now);
        },
      ),
      { numRuns: 500 },
    );
  });
});
