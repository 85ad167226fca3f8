import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The depth of a cluster's queue, as it is when metrics are asked for. */
export interface QueueDepth {
  cluster: string;
  waiting: number;
  running: number;
  oldestSeconds: number;
}

const ackSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3];
const runSeconds = [1, 2, 5, 10, 20, 45, 90, 180, 600];

/** What the processes count. Names begin with `dns_medic_`; labels have few values: clusters, verdicts, methods, reasons. */
export function createMetrics(depths: () => Promise<readonly QueueDepth[]>) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'dns_medic_' });
  const gauge = (name: string, help: string, value: (depth: QueueDepth) => number): Gauge<'cluster'> =>
    new Gauge({
      name,
      help,
      labelNames: ['cluster'],
      registers,
      async collect() {
        for (const depth of await depths().catch(() => [])) this.set({ cluster: depth.cluster }, value(depth));
      },
    });
  gauge('dns_medic_queue_waiting', 'Runs that wait for a worker', ({ waiting }) => waiting);
  gauge('dns_medic_queue_running', 'Runs that a worker has', ({ running }) => running);
  gauge('dns_medic_queue_oldest_seconds', 'Age of the oldest run that waits', ({ oldestSeconds }) => oldestSeconds);
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
    text: () => registry.metrics(),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
