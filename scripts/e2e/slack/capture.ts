import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestCluster } from '../cluster.ts';
import { type Row, say } from '../row.ts';
import { Bot } from './bot.ts';
import { leftovers } from './complaints.ts';
import { expectedRemark, order, untilEnd } from './mend.ts';
import { untilFinal } from './stories.ts';

const FAULT = 'endpoint-udp-dropped';

/** The files that the image blocks of a message show. */
const picturesIn = (blocks: unknown): string[] =>
  ((blocks ?? []) as { type?: string; slack_file?: { id?: string } }[]).flatMap(({ type, slack_file: file }) =>
    type === 'image' && file?.id !== undefined ? [file.id] : [],
  );

async function keep(bot: Bot, ids: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, id] of ids.entries()) {
    const bytes = bot.stage.slack.file(id);
    if (bytes !== null) await writeFile(join(folder, `capture-${index}.png`), bytes);
  }
}

async function story(bot: Bot, folder: string | null): Promise<{ found: string; wrong: string[]; seconds: number }> {
  const run = await bot.startRun('check cluster-a capture=10s');
  await untilFinal(bot, run);
  const isCard = ([slot, { text }]: [string, { text: string }]): boolean => /^change-\d+$/.test(slot) && text.includes('capture-packets');
  await bot.stage.slack.until(() => [...bot.thread(run)].some(isCard), 15_000);
  const { slot, pressedAt } = await order(bot, run, 'capture-packets');
  const end = await untilEnd(bot, run, slot);
  const seconds = (Date.now() - pressedAt) / 1_000;
  const pictures = picturesIn(end.blocks);
  if (folder !== null) await keep(bot, pictures, folder);
  const left = (await leftovers(bot, run)).filter((each) => !expectedRemark.test(each));
  if (folder !== null)
    await writeFile(join(folder, 'thread.txt'), [...bot.thread(run)].map(([called, { text }]) => `== ${called}\n${text}`).join('\n\n'));
  return {
    found: end.text.split('\n').slice(0, 2).join(' / ').slice(0, 160),
    seconds,
    wrong: [
      ...(/not answered there/.test(end.text) ? [] : [`it does not say where: ${end.text.slice(0, 400)}`]),
      ...(pictures.length > 0 ? [] : ['no picture']),
      ...left,
    ],
  };
}

/** A capture by buttons, with two people: its end message has the verdict and a picture. `folder`: where the pictures are kept. */
export async function tryCaptureInSlack(cluster: TestCluster, folder: string | null): Promise<Row[]> {
  if (cluster.fault === null) return [];
  const bot = await Bot.start(cluster);
  const shown = { fault: `capture in Slack: ${FAULT}`, expected: 'dropped-in-pod, with a picture' };
  try {
    const on = await cluster.fault('on', FAULT);
    if (on.status !== 0) throw new Error(`not injected: ${on.stderr.slice(-200)}`);
    return [say({ ...shown, ...(await story(bot, folder)) })];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [say({ ...shown, found: '-', seconds: 0, wrong: [`${why}\n${bot.lastWords()}`] })];
  } finally {
    await bot.stage.close();
    await cluster.fault('off');
  }
}
