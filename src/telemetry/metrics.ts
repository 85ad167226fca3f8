import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The depth of a cluster's queue, as it is when metrics are asked for. */
export interface QueueDepth {
  cluster: string;
  waiting: number;
  running: number;
  /** Milliseconds. */
  oldestMs: number;
  workers: number;
}

const ackSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3];
const runSeconds = [1, 2, 5, 10, 20, 45, 90, 180, 600];

/** What the processes count. Names begin with `dns_medic_`; labels have few values: clusters, verdicts, methods, reasons. */
export function createMetrics(depths: () => Promise<readonly QueueDepth[]>) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'dns_medic_' });
  const gauge = (name: string, help: string): Gauge<'cluster'> => new Gauge({ name, help, labelNames: ['cluster'], registers });
  const waiting = gauge('dns_medic_queue_waiting', 'Runs that wait for a worker');
  const running = gauge('dns_medic_queue_running', 'Runs that a worker has');
  const oldest = gauge('dns_medic_queue_oldest_seconds', 'Age of the oldest run that waits');
  const workers = gauge('dns_medic_workers', 'Workers that serve the cluster');
  const measure = async (): Promise<void> => {
    // what cannot be measured now is not shown as it was before
    [waiting, running, oldest, workers].forEach((one) => one.reset());
    for (const depth of await depths().catch(() => [])) {
      waiting.set({ cluster: depth.cluster }, depth.waiting);
      running.set({ cluster: depth.cluster }, depth.running);
      oldest.set({ cluster: depth.cluster }, depth.oldestMs / 1_000);
      workers.set({ cluster: depth.cluster }, depth.workers);
    }
  };
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  return {
    runs: counter('dns_medic_runs_total', 'Runs that ended, by how', ['cluster', 'kind', 'state', 'verdict']),
    runDuration: new Histogram({
      name: 'dns_medic_run_duration_seconds',
      help: 'From the start of a run to its end',
      labelNames: ['cluster', 'kind'],
      buckets: runSeconds,
      registers,
    }),
    requests: counter('dns_medic_slack_requests_total', 'What people asked for in Slack, and what became of it', ['kind', 'outcome']),
    ack: new Histogram({
      name: 'dns_medic_slack_ack_seconds',
      help: 'From hearing a request to acknowledging it',
      labelNames: ['kind'],
      buckets: ackSeconds,
      registers,
    }),
    slackCalls: counter('dns_medic_slack_calls_total', "Messages written into Slack, by outcome and Slack's error", [
      'method',
      'outcome',
      'error',
    ]),
    maybeTwice: counter(
      'dns_medic_slack_maybe_twice_total',
      'Messages that may stand twice: the answer was lost and could not be read back',
      [],
    ),
    invalidMessages: counter(
      'dns_medic_slack_invalid_messages_total',
      "Messages of ours that broke a limit of Slack's and were shortened",
      [],
    ),
    refused: counter('dns_medic_orders_refused_total', 'Orders that a worker refused, by reason', ['reason']),
    text: async () => {
      await measure();
      return registry.metrics();
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
