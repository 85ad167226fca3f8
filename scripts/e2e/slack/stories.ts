import { setTimeout as sleep } from 'node:timers/promises';
import { DoctorReport } from '../../../src/domain/doctor.ts';
import type { Report } from '../../../src/domain/report.ts';
import { medic } from '../cluster.ts';
import { readReport } from '../compare.ts';
import { ben, type Bot } from './bot.ts';
import { differences, leftovers, statusIn } from './complaints.ts';

/** What came of a story: what was found, and what was wrong. */
export interface Outcome {
  found: string;
  wrong: string[];
}

const finalWithinMs = 120_000;

/** Until card and verdict say the same. */
export async function untilFinal(bot: Bot, run: string): Promise<void> {
  const isFinal = (): boolean => {
    const [card, verdict] = [bot.text(run, 'card'), bot.text(run, 'verdict')];
    return verdict !== '' && verdict.split(' · ')[0] === card.split(' · ')[0];
  };
  await bot.stage.slack.until(isFinal, finalWithinMs).catch(() => {
    throw new Error(
      `the thread of ${run} is not final after ${finalWithinMs / 1_000} s: ${bot.text(run, 'card').slice(0, 200)}\n${bot.lastWords()}`,
    );
  });
}

async function onTerminal(bot: Bot, pod: string | undefined): Promise<Report> {
  const done = await medic(['check', '--kubeconfig', bot.cluster.kubeconfig, '--json', ...(pod === undefined ? [] : ['--pod', pod])]);
  const report = readReport(done.stdout);
  if (typeof report === 'string') throw new Error(`${report} ${done.stderr.slice(-300)}`);
  return report;
}

/** The head of the card, without what is the same in all. */
const foundIn = (bot: Bot, run: string): string =>
  (bot.text(run, 'card').split('\n')[0] ?? '')
    .split(' · ')
    .filter((part, index) => index === 0 || !part.includes('cluster-a'))
    .join(' ')
    .replace(/^\P{L}+/u, '');

/** A check in Slack and one in the terminal at the same moment: they must say the same. `judge`: what is wrong with the report itself. */
export async function checkStory(bot: Bot, pod: string | undefined, judge: (report: Report) => string[]): Promise<Outcome> {
  const asked = bot.startRun(`check cluster-a${pod === undefined ? '' : ` pod=${pod}`}`).then(async (id) => {
    await untilFinal(bot, id);
    return id;
  });
  const [run, report] = await Promise.all([asked, onTerminal(bot, pod)]);
  return { found: foundIn(bot, run), wrong: [...differences(bot.thread(run), report), ...judge(report), ...(await leftovers(bot, run))] };
}

/** The check of rights, in Slack and in the terminal. */
export async function doctorStory(bot: Bot): Promise<Outcome> {
  const run = await bot.startRun('doctor cluster-a');
  await untilFinal(bot, run);
  const done = await medic(['doctor', '--kubeconfig', bot.cluster.kubeconfig, '--json']);
  const missing = DoctorReport.parse(JSON.parse(done.stdout)).rights.filter(({ allowed }) => allowed === false).length;
  const expected = missing === 0 ? 'Nothing is missing' : `${missing} right${missing === 1 ? '' : 's'} missing`;
  const wrong = ['card', 'verdict']
    .filter((slot) => !bot.text(run, slot).includes(expected))
    .map((slot) => `${slot} does not say: ${expected}`);
  return { found: foundIn(bot, run), wrong: [...wrong, ...(await leftovers(bot, run))] };
}

const podWithinMs = 20_000;

/** Until the run has probe pods in the cluster. */
async function untilProbing(bot: Bot, run: string): Promise<void> {
  for (const began = Date.now(); (await bot.probePods(run)).length === 0; await sleep(100)) {
    if (Date.now() - began > podWithinMs) throw new Error(`no probe pod of ${run}: ${foundIn(bot, run)}`);
  }
}

/** Somebody else on call cancels a check that has probe pods. */
export async function cancelStory(bot: Bot): Promise<Outcome> {
  const run = await bot.startRun('check cluster-a');
  await untilProbing(bot, run);
  await bot.type(ben, `cancel ${run}`);
  await untilFinal(bot, run);
  const said = `<@${ben}>`;
  const wrong = ['card', 'verdict']
    .filter((slot) => !bot.text(run, slot).includes('cancelled') || !bot.text(run, slot).includes(said))
    .map((slot) => `${slot} does not say who cancelled it: ${bot.text(run, slot).slice(0, 100)}`);
  return { found: foundIn(bot, run), wrong: [...wrong, ...(await leftovers(bot, run))] };
}

/** The worker is killed while its probe pods ask, and another one takes the run over. */
export async function killedStory(bot: Bot, expected: string): Promise<Outcome> {
  const run = await bot.startRun('check cluster-a');
  await untilProbing(bot, run);
  await bot.worker.end('SIGKILL');
  const orphans = await bot.probePods(run);
  bot.worker = await bot.stage.startWorker();
  await untilFinal(bot, run);
  const [card, verdict] = [bot.text(run, 'card'), bot.text(run, 'verdict')];
  return {
    found: foundIn(bot, run),
    wrong: [
      ...(orphans.length > 0 ? [] : ['it had no probe pods when it was killed']),
      ...(card.includes('attempt 2') ? [] : ['the card does not say that it was started again']),
      ...(statusIn(verdict) === expected && statusIn(card) === expected ? [] : [`says ${statusIn(verdict)}, not ${expected}`]),
      ...(await leftovers(bot, run)),
    ],
  };
}
