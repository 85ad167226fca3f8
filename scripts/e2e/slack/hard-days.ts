import type { TestCluster } from '../cluster.ts';
import { type Row, say } from '../row.ts';
import { ana, Bot, channel } from './bot.ts';
import { leftovers } from './complaints.ts';
import { closeWindows, expectedRemark, has, inWindow, order, untilEnd } from './mend.ts';
import { untilFinal } from './stories.ts';

/** A CoreDNS pod as far as it is told from others. */
interface Pod {
  uid: string;
  ready: boolean;
}

async function corednsPods(cluster: TestCluster): Promise<Pod[]> {
  const done = await cluster.kubectl('-n', 'kube-system', 'get', 'pods', '-l', 'k8s-app=kube-dns', '-o', 'json');
  if (done.status !== 0) throw new Error(`kubectl get pods: ${done.stderr.slice(0, 200)}`);
  type Item = { metadata: { uid: string; deletionTimestamp?: string }; status?: { conditions?: { type: string; status: string }[] } };
  return (JSON.parse(done.stdout) as { items: Item[] }).items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata, status }) => ({
      uid: metadata.uid,
      ready: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    }));
}

/** All pods that were ever seen, while something goes on. */
class Watch {
  readonly seen = new Set<string>();
  private readonly cluster: TestCluster;
  constructor(cluster: TestCluster) {
    this.cluster = cluster;
  }

  async look(): Promise<Pod[]> {
    const pods = await corednsPods(this.cluster);
    for (const { uid } of pods) this.seen.add(uid);
    return pods;
  }

  /** Until a pod is there that was not. */
  async untilBegun(first: readonly Pod[]): Promise<void> {
    const end = Date.now() + 60_000;
    while ((await this.look()).every(({ uid }) => first.some((pod) => pod.uid === uid))) {
      if (Date.now() > end) throw new Error('no pod was replaced within 60 s');
    }
  }

  /** Until one of the pods that were there at first is gone and as many are ready again. */
  async untilReplaced(first: readonly Pod[], count: number): Promise<void> {
    const end = Date.now() + 180_000;
    while (Date.now() < end) {
      const now = await this.look();
      const kept = first.filter(({ uid }) => now.some((pod) => pod.uid === uid)).length;
      if (kept <= first.length - count && now.filter(({ ready }) => ready).length >= first.length) return;
    }
    throw new Error(`no ${count} pods were replaced within 180 s`);
  }
}

/** Asks for a remedy by name, and gives the run once its order is proposed. */
async function proposed(bot: Bot, command: string): Promise<string> {
  const run = await bot.startRun(command);
  await untilFinal(bot, run);
  await bot.stage.slack.until(() => bot.thread(run).has('change-0'), 15_000);
  return run;
}

const firstWords = (text: string): string => text.split('\n').slice(0, 2).join(' / ').slice(0, 200);

/** The message of a run that carries this button. */
async function withButton(bot: Bot, run: string, action: string) {
  const found = await bot.stage.slack
    .until(() => [...bot.thread(run).values()].find((message) => has(message, action)), 60_000)
    .catch(() => null);
  if (found === null || found === undefined) throw new Error(`no button ${action}`);
  return found;
}

type Story = (bot: Bot) => Promise<{ found: string; wrong: string[]; run: string }>;

const expectText = (text: string, pattern: RegExp): string[] =>
  pattern.test(text) ? [] : [`it does not say ${pattern.source}: ${text.slice(0, 400)}`];

async function wanted(cluster: TestCluster): Promise<number> {
  const done = await cluster.kubectl('-n', 'kube-system', 'get', 'deployment', 'coredns', '-o', 'jsonpath={.spec.replicas}');
  return Number(done.stdout);
}

const undo: Story = async (bot) => {
  const { cluster } = bot;
  await cluster.fault?.('on', 'coredns-single-replica');
  const run = await proposed(bot, 'check cluster-a');
  const { slot } = await order(bot, run, 'scale-coredns');
  const end = await untilEnd(bot, run, slot);
  const after = await wanted(cluster);
  await inWindow(bot, ana, end, 'dns_undo');
  await closeWindows(bot, ana);
  const undone = await bot.stage.slack.until(() => bot.thread(run).get(`${slot}-undone`), 120_000).catch(() => null);
  const back = await wanted(cluster);
  return {
    run,
    found: undone === null ? 'not undone' : firstWords(undone.text),
    wrong: [
      ...expectText(end.text, /fixed/i),
      ...(after === 2 && back === 1 ? [] : [`replicas: ${after} after it, ${back} after the undo`]),
      ...expectText(undone?.text ?? '', /undone/i),
    ],
  };
};

const workerKilled: Story = async (bot) => {
  const watch = new Watch(bot.cluster);
  const first = await watch.look();
  const run = await proposed(bot, 'remedy cluster-a restart-coredns');
  const { slot } = await order(bot, run, 'restart-coredns');
  await watch.untilReplaced(first, 1);
  await bot.worker.end('SIGKILL');
  bot.worker = await bot.stage.startWorker();
  const ended = untilEnd(bot, run, slot);
  await watch.untilReplaced(first, first.length);
  const end = await ended;
  const last = await watch.look();
  return {
    run,
    found: firstWords(end.text),
    wrong: [
      ...expectText(end.text, /done|fixed/i),
      ...(watch.seen.size === 2 * first.length ? [] : [`${watch.seen.size} pods were seen, ${2 * first.length} should be`]),
      ...(last.length === first.length && last.every(({ ready }) => ready) ? [] : ['not all pods are ready']),
    ],
  };
};

const stopped: Story = async (bot) => {
  const watch = new Watch(bot.cluster);
  const first = await watch.look();
  const run = await proposed(bot, 'remedy cluster-a restart-coredns');
  const { slot } = await order(bot, run, 'restart-coredns');
  const running = await withButton(bot, run, 'dns_stop');
  await watch.untilBegun(first);
  await bot.stage.slack.click(ana, channel, running.ts, 'dns_stop');
  const end = await untilEnd(bot, run, slot);
  const last = await watch.look();
  const kept = first.filter(({ uid }) => last.some((pod) => pod.uid === uid)).length;
  return {
    run,
    found: firstWords(end.text),
    wrong: [
      ...expectText(end.text, /stopped in between/i),
      ...(kept === first.length - 1 ? [] : [`${kept} of ${first.length} old pods are there, one should have been replaced`]),
      ...(last.every(({ ready }) => ready) ? [] : ['not all pods are ready']),
    ],
  };
};

/** The nodes are closed once the order is approved: the new pod stays Pending, and the old one must go on serving. */
const neverReady: Story = async (bot) => {
  const { cluster } = bot;
  const first = await corednsPods(cluster);
  const run = await proposed(bot, 'remedy cluster-a restart-coredns');
  const nodes = (await cluster.kubectl('get', 'nodes', '-o', 'name')).stdout.split('\n').filter((name) => name !== '');
  try {
    await Promise.all(nodes.map((node) => cluster.kubectl('cordon', node)));
    const { slot } = await order(bot, run, 'restart-coredns');
    const end = await untilEnd(bot, run, slot);
    const serving = (await corednsPods(cluster)).filter(({ ready, uid }) => ready && first.some((pod) => pod.uid === uid)).length;
    return {
      run,
      found: firstWords(end.text),
      wrong: [
        ...expectText(end.text, /failed|not done/i),
        ...(serving === first.length ? [] : [`only ${serving} of ${first.length} old pods serve`]),
      ],
    };
  } finally {
    await Promise.all(nodes.map((node) => cluster.kubectl('uncordon', node)));
  }
};

const stories: Readonly<Record<string, Story>> = {
  'undone by a press': undo,
  'worker killed between two pods': workerKilled,
  'stopped after a pod': stopped,
  'a pod that never becomes ready': neverReady,
};

async function tell(bot: Bot, name: string, story: Story): Promise<Row> {
  const began = Date.now();
  const shown = { fault: `hard day: ${name}`, expected: 'as it should be' };
  const seconds = (): number => (Date.now() - began) / 1_000;
  try {
    const { found, wrong, run } = await story(bot);
    const left = (await leftovers(bot, run)).filter((each) => !expectedRemark.test(each));
    return say({ ...shown, found, seconds: seconds(), wrong: [...wrong, ...left] });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return say({ ...shown, found: '-', seconds: seconds(), wrong: [`${why}\n${bot.lastWords()}`] });
  } finally {
    await bot.cluster.fault?.('off');
  }
}

/** What goes wrong in the middle of a change, in Slack's look-alike around the real cluster. */
export async function tryHardDays(cluster: TestCluster): Promise<Row[]> {
  if (cluster.fault === null) return [];
  const bot = await Bot.start(cluster);
  try {
    const rows: Row[] = [];
    for (const [name, story] of Object.entries(stories)) rows.push(await tell(bot, name, story));
    return rows;
  } finally {
    await bot.stage.close();
  }
}
