import type { Child } from '../../../src/cli/demo/child.ts';
import { setStage, type Stage } from '../../../src/cli/demo/stage.ts';
import type { TestCluster } from '../cluster.ts';
import { keyOf, type Message, slotOf } from './messages.ts';

export const channel = 'C0INCIDENTS';
/** Who asks, and who else is on call. */
export const [ana, ben] = ['U0ANA', 'U0BEN'];

const configOf = (kubeconfig: string): string =>
  [
    'clusters:',
    `  cluster-a: {kubeconfig: ${JSON.stringify(kubeconfig)}, environment: production}`,
    'policy:',
    '  team: T0LAB',
    '  rules:',
    '    - {clusters: [cluster-a], groups: [S0SRE], channels: [any], may: [check, doctor, read, cancel, request, approve]}',
    '  changes:',
    '    - {clusters: [cluster-a], people: 2, reason: true, typeName: true}',
    '',
  ].join('\n');

const startsWithinMs = 15_000;

/** A bot and a worker as processes of their own, between Slack's look-alike, Redis and the real cluster. */
export class Bot {
  readonly stage: Stage;
  readonly cluster: TestCluster;
  worker: Child;
  private remarksSaid = 0;

  private constructor(stage: Stage, cluster: TestCluster, worker: Child) {
    this.stage = stage;
    this.cluster = cluster;
    this.worker = worker;
  }

  /** `redisUrl`: a Redis of the caller's; else one is started with it. */
  static async start(cluster: TestCluster, redisUrl?: string): Promise<Bot> {
    const own = redisUrl === undefined ? {} : { redisUrl };
    const stage = await setStage({ config: configOf(cluster.kubeconfig), clusters: { kind: 'real', environment: {} }, ...own });
    try {
      const [, worker] = await Promise.all([stage.startBot(), stage.startWorker()]);
      return new Bot(stage, cluster, worker);
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  messages(): Message[] {
    return this.stage.slack.messages(channel);
  }

  /** Types a command; gives what Slack says to the person itself when nothing came of it. */
  async type(user: string, text: string): Promise<void> {
    const { acked, shown } = await this.stage.slack.command(user, channel, '/dns', text);
    if (!acked) throw new Error(`/dns ${text}: ${shown}`);
  }

  /** Types a command that starts a run, and gives the run's id as soon as its card stands there. */
  async startRun(text: string): Promise<string> {
    const before = this.messages().at(-1)?.ts ?? '';
    await this.type(ana, text);
    const key = await this.stage.slack
      .until(() => this.messages().find((message) => message.ts > before && slotOf(message) === 'card'), startsWithinMs)
      .then(keyOf, () => null);
    if (key === null) throw new Error(`/dns ${text}: no card: ${this.stage.slack.ephemerals(channel, ana).at(-1)?.text ?? ''}`);
    return key.split('/')[0] ?? '';
  }

  /** The messages of a run, by slot. */
  thread(run: string): ReadonlyMap<string, Message> {
    return new Map(
      this.messages()
        .filter((message) => keyOf(message)?.startsWith(`${run}/`))
        .map((message) => [slotOf(message) ?? '', message]),
    );
  }

  text(run: string, slot: string): string {
    return this.thread(run).get(slot)?.text ?? '';
  }

  /** What the look-alike has to remark since it was asked last. */
  newRemarks(): string[] {
    const remarks = this.stage.slack.remarks().slice(this.remarksSaid);
    this.remarksSaid += remarks.length;
    return remarks;
  }

  /** The probe pods of a run. Rejects when the cluster does not say. */
  async probePods(run: string): Promise<string[]> {
    const done = await this.cluster.kubectl('get', 'pods', '-A', '-l', `dns-medic/run=${run}`, '-o', 'name');
    if (done.status !== 0) throw new Error(`kubectl get pods: ${done.stderr.slice(0, 200)}`);
    return done.stdout.split('\n').filter((name) => name !== '');
  }

  /** The log of all processes, its end. */
  lastWords(): string {
    return this.stage
      .children()
      .map((child) => `${child.name}: ${child.lines().slice(-3).join('\n')}`)
      .join('\n');
  }
}
