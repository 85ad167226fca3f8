import { describe, expect, test } from '@jest/globals';
import { liveView } from '../../src/cli/live-view.ts';
import { wantsColour } from '../../src/cli/colours.ts';
import { widthOf } from '../../src/cli/print.ts';
import type { Step } from '../../src/flows/schedule.ts';

function stream(isTTY: boolean, columns = 60) {
  const said: string[] = [];
  return { said, isTTY, columns, write: (text: string | Uint8Array) => said.push(String(text)) > 0 };
}
const start = (id: string): Step => ({ event: 'start', id, title: `Reading ${id}` });
const end = (id: string, reason: string | null = null): Step => ({
  event: 'end',
  id,
  title: `Reading ${id}`,
  status: reason === null ? 'ok' : 'failed',
  reason,
  durationMs: 12,
});

const escape = '\u001b';

describe('the live view', () => {
  test.each([true, false])('lets no name or reason from a cluster move the cursor or hide anything (terminal: %s)', (isTTY) => {
    const out = stream(isTTY, 200);
    const view = liveView(out, false);
    const [title, reason] = [`pod ${escape}[2Jcoredns-1\u202e`, `no${escape}[1A answer`];
    view.onStep({ event: 'start', id: 'a', title });
    view.onStep({ event: 'end', id: 'a', title, status: 'failed', reason, durationMs: 12 });
    view.done();
    const said = out.said.join('');
    for (const theirs of [`${escape}[2J`, '\u202e', `no${escape}`]) expect(said).not.toContain(theirs);
    expect(said).toContain('coredns-1');
  });

  test('is a plain line for each step that ended, where there is no terminal', () => {
    const out = stream(false);
    const view = liveView(out, false);
    [start('a'), start('b'), end('a'), end('b', 'forbidden')].forEach(view.onStep);
    view.done();
    expect(out.said.join('')).toBe('✓ Reading a 12 ms\n✗ Reading b 12 ms forbidden\n');
  });

  test('says nothing beside JSON, but on a terminal plain lines', () => {
    const [pipe, terminal] = [stream(false), stream(true)];
    for (const out of [pipe, terminal]) {
      const view = liveView(out, true);
      [start('a'), end('a')].forEach(view.onStep);
      view.done();
    }
    expect(pipe.said).toEqual([]);
    expect(terminal.said).toHaveLength(1);
    expect(terminal.said.join('')).not.toContain('\u001b[?25l');
  });

  test('is a block of few lines, none wider than the terminal, that goes away and gives the cursor back', () => {
    const out = stream(true, 40);
    const view = liveView(out, false, () => 0);
    const ids = Array.from({ length: 30 }, (_, index) => `something with a rather long name ${index}`);
    ids.map(start).forEach(view.onStep);
    ids.map((id) => end(id)).forEach(view.onStep);
    const frames = [...out.said];
    for (const frame of frames) {
      // oxlint-disable-next-line no-control-regex
      const lines = frame.replace(/\u001b\[[?\d]*[a-zA-Z]|\r/g, '').split('\n');
      expect(lines.length).toBeLessThanOrEqual(9);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    }
    view.done();
    view.done();
    expect(out.said).toHaveLength(frames.length + 1);
    expect(out.said.at(-1)?.endsWith('\u001b[J\u001b[?25h')).toBe(true);
  });
});

describe('printing', () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('terminal %s with %j has colours: %s', (isTTY, env, colours) => {
    expect(wantsColour({ isTTY }, env)).toBe(colours);
  });

  test('keeps between 80 and 120 columns', () => {
    expect([10, 90, 500, undefined].map((columns) => widthOf({ columns }))).toEqual([80, 90, 120, 100]);
  });
});
