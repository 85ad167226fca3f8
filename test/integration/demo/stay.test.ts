import { afterEach, describe, expect, test } from '@jest/globals';
import { type Demo, startDemo } from './demo.ts';

let demo: Demo | undefined;
afterEach(() => demo?.remove());

const fast = 'probe-pods-forbidden';

describe('the demo without --once', () => {
  test('stays when there is nobody to type, shows Slack at its address, and ends when it is told to', async () => {
    demo = startDemo(['sh', 'scripts/demo', fast]);
    const { printed, stdout, interrupt, ended, left } = demo;
    await printed('for @ana');
    const address = /Slack is at (http:\/\/127\.0\.0\.1:\d+) /.exec(stdout())?.[1] ?? '';
    const channel = await fetch(`${address}/lab/text?channel=C0INCIDENTS`).then((answer) => answer.text());
    expect(channel).toContain('DNS: could not tell · `cluster-c` · for @ana');
    const state = (await fetch(`${address}/lab/state`).then((answer) => answer.json())) as { remarks: unknown[]; channels: unknown[] };
    expect(state.remarks).toEqual([]);
    interrupt('SIGTERM');
    expect(await ended).toBe(0);
    expect(await left()).toEqual([]);
  });

  test('takes more commands, in the names of others too, and ends with its input when all threads are final', async () => {
    demo = startDemo(['sh', 'scripts/demo', fast], { input: 'pipe' });
    const { printed, stdout, type, endInput, ended, left } = demo;
    await printed('for @ana');
    type('as cat check cluster-b');
    await printed('(only visible to @cat)');
    type('@dns-medic check cluster-b');
    await printed('@dns-medic check cluster-b');
    type('home');
    await printed('Home of @ana');
    type('threads');
    type('as nobody');
    type('/other');
    endInput();
    expect(await ended).toBe(0);
    const text = stdout();
    expect(text).toContain('⛔ Refused: a DNS check of `cluster-b`');
    expect(text).toContain('DNS healthy · `cluster-b` · for @ana');
    expect(text).toMatch(/\n1 {2}\d\d:\d\d:\d\d {2}⚪ DNS: could not tell · `cluster-c` {2}\(\d replies\)\n/);
    expect(text).toContain('there is no nobody here; there are ana, ben, cat,');
    expect(text).toContain('Slack says: /other is not a valid command.');
    expect(await left()).toEqual([]);
  });

  test('ends at once when quit is typed', async () => {
    demo = startDemo(['sh', 'scripts/demo'], { input: 'pipe' });
    await demo.printed('[Cancel]');
    demo.type('press cancel');
    await demo.printed('DNS check cancelled');
    demo.type('quit');
    expect(await demo.ended).toBe(0);
    expect(await demo.left()).toEqual([]);
  });
});
