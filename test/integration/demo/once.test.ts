import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Demo, type DemoOptions, startDemo } from './demo.ts';

let demo: Demo | undefined;
const start = (command: readonly string[], options: DemoOptions = {}): Demo => (demo = startDemo(command, options));
afterEach(() => demo?.remove());

// oxlint-disable-next-line no-control-regex
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

describe('npm run demo -- --once', () => {
  test('shows a check from the words to the last word of the thread, and leaves nothing behind', async () => {
    const { ended, stdout, stderr, left } = start(['npm', 'run', 'demo', '--', '--once']);
    expect({ status: await ended, stderr: stderr() }).toEqual({ status: 0, stderr: '' });
    const text = stdout();
    const told = [
      '> /dns check cluster-a',
      'dns-medic\n',
      '[Cancel]',
      'of 17 done',
      '🔴 DNS broken · `cluster-a` · `corefile-forward-unreachable`\n',
      'Do first',
      'All 17 steps are done',
      'How we know',
      '🔴 DNS broken · `cluster-a` · `corefile-forward-unreachable` · for @ana',
      'The thread is final',
    ];
    expect(told.filter((words) => !text.includes(words))).toEqual([]);
    const places = told.map((words) => text.indexOf(words));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text).not.toMatch(obeyed);
    expect(await left()).toEqual([]);
  });

  test.each([
    ['probe-pods-forbidden', 'check cluster-c', 'DNS: could not tell · `cluster-c` · for @ana'],
    ['pod-dnspolicy-default', 'check pod-dnspolicy-default pod=shop/hostdns', 'pod-dnspolicy-default` · for @ana'],
  ])('shows what was recorded as %s', async (name, command, verdict) => {
    const { ended, stdout, left } = start(['sh', 'scripts/demo', '--once', name]);
    expect(await ended).toBe(0);
    expect(stdout()).toContain(`> /dns ${command}\n`);
    expect(stdout()).toContain(verdict);
    expect(await left()).toEqual([]);
  });

  test('lists what was recorded when it does not know the name', async () => {
    const { ended, stdout, stderr, left } = start(['sh', 'scripts/demo', '--once', 'healty']);
    expect(await ended).toBe(64);
    expect(stdout()).toBe('');
    expect(stderr()).toMatch(/^demo: nothing was recorded of healty \(did you mean healthy\?\); there is:\n(?: {2}[\w-]+\n){50,}$/);
    expect(await left()).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  test.each(['Starting', '[Cancel]'])('ends all that was started, after "%s"', async (words) => {
    const { printed, interrupt, ended, stderr, left } = start(['sh', 'scripts/demo', '--once']);
    await printed(words);
    interrupt();
    expect({ status: await ended, stderr: stderr() }).toEqual({ status: 130, stderr: '' });
    expect(await left()).toEqual([]);
  });

  test('may come twice, as from npm', async () => {
    const { printed, interrupt, ended, left } = start(['sh', 'scripts/demo', '--once']);
    await printed('[Cancel]');
    interrupt();
    interrupt();
    expect(await ended).toBe(130);
    expect(await left()).toEqual([]);
  });
});

describe('without redis-server', () => {
  let tools = '';
  beforeAll(() => {
    tools = mkdtempSync(join(tmpdir(), 'dns-medic-tools-'));
    const path = (process.env['PATH'] ?? '').split(delimiter);
    for (const tool of ['sh', 'dirname', 'cmp', 'mkdir', 'flock', 'id', 'uname', 'cat', 'grep']) {
      const found = path.map((folder) => join(folder, tool)).find((file) => existsSync(file));
      if (found !== undefined) symlinkSync(found, join(tools, tool));
    }
    symlinkSync(process.execPath, join(tools, 'node'));
  });
  afterAll(() => rmSync(tools, { recursive: true, force: true }));

  test('says what to install', async () => {
    const script = start(['sh', 'scripts/demo', '--once'], { env: { PATH: tools } });
    expect(await script.ended).toBe(69);
    expect(script.stderr()).toBe('setup: please install redis-server (on Debian: sudo apt-get install redis-server)\n');
    script.remove();
    const { ended, stderr, left } = start(['node', 'src/cli/demo/main.ts', '--once'], { env: { PATH: tools, NODE_NO_WARNINGS: '1' } });
    expect(await ended).toBe(64);
    expect(stderr()).toBe('demo: redis-server is not installed: on Debian, apt-get install redis-server\n');
    expect(await left()).toEqual([]);
  });
});
