import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUNDLES, sceneryFor } from '../../../src/cli/demo/scenery.ts';
import { setStage, type Stage } from '../../../src/cli/demo/stage.ts';
import { runsIn } from '../../../src/cli/demo/thread-state.ts';
import { ROOT } from './demo.ts';

const channel = 'C0INCIDENTS';

/** What differs each time is one and the same: times, ids, how long it took, how often it was edited, and where lines break for that. */
const timeless = (text: string): string =>
  text
    .replaceAll(/\d\d:\d\d:\d\d/g, 'TIME')
    .replaceAll(/run `[0-9a-f]{10}`/g, 'run `ID`')
    .replaceAll(/\d+(?:\.\d+)? m?s\b/g, 'LONG')
    .replaceAll(/ {2}\(edited[^)]*\)/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

const shown = [...readFileSync(join(ROOT, 'docs/threads.md'), 'utf8').matchAll(/```text\n([\s\S]*?)```/g)].map(([, text = '']) => text);

describe('the threads of docs/threads.md', () => {
  let stage: Stage;

  beforeAll(async () => {
    const { config, clusters } = await sceneryFor({ help: false, once: true, fault: null, kubeconfig: null }, {});
    const bundles = clusters.kind === 'recorded' ? clusters.bundles : {};
    stage = await setStage({
      config,
      clusters: { kind: 'recorded', folder: BUNDLES, bundles, times: 0.05 },
      slack: { rates: 'off' },
      env: { SLACK_POSTS_PER_MINUTE: '6000', SLACK_EDITS_PER_MINUTE: '6000', STOP_SECONDS: '0' },
    });
    await Promise.all([stage.startBot(), stage.startWorker()]);
  });
  afterAll(() => stage.close());

  test.each([
    ['cluster-a', 0],
    ['cluster-b', 1],
    ['cluster-c', 2],
  ])('are what the bot posts of %s', async (cluster, at) => {
    const { slack } = stage;
    await slack.command('U0ANA', channel, '/dns', `check ${cluster}`);
    await slack.until(() => {
      const { all, unfinished } = runsIn(slack.messages(channel));
      return all.size === at + 1 && unfinished.size === 0;
    }, 20_000);
    const head = slack.messages(channel).filter(({ threadTs }) => threadTs === null)[at];
    expect(timeless(slack.threadText(channel, head?.ts ?? ''))).toBe(timeless(shown[at] ?? ''));
  });
});
