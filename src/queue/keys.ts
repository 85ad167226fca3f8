import { createHash } from 'node:crypto';

/** What all keys begin with, unless the settings say otherwise. In a Redis cluster it must be a hash tag (`{dns-medic}`): scripts use several keys. */
export const DEFAULT_PREFIX = 'dns-medic';

/** The names of everything that is kept in Redis. */
export interface Keys {
  /** What the key of each run begins with. */
  runs: string;
  /** Hash: the run, a field for each of its writers. */
  run(id: string): string;
  /** Sorted set: who asked for the run, and where, in order. */
  asks(id: string): string;
  /** The worker that has the run now; ends by itself when the worker is gone. */
  held(id: string): string;
  /** The bot that writes the run's threads now. */
  lease(id: string): string;
  /** Hash: the messages of the run in a place, by slot. */
  posted(id: string, place: string): string;
  /** Sorted set: runs whose threads may not say the last of them yet. */
  open: string;
  /** Sorted set: runs that carry out orders, and are not over. What they do is told in the threads of the runs that proposed it. */
  works: string;
  /** Sorted set: orders that nobody has begun, by when they are too old (`orderText`). */
  expiring: string;
  /** Sorted set: orders that wait for somebody or something, by their last move (`orderText`). */
  moving: string;
  /** The run that answers a question now. */
  shared(question: string): string;
  /** The newest run of a place. */
  at(place: string): string;
  /** Hash: the files of the capture of an order, packed and closed. */
  capture(change: string): string;
  /** Sorted set: runs of a cluster by time. */
  history(cluster: string): string;
  /** Sorted set: workers that serve the cluster, by when they last said so. */
  workers(cluster: string): string;
  first(key: string): string;
  pace(kind: string): string;
  /** Channels. */
  changed: string;
  cancel: string;
  wrote: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Names under a prefix. What people or Slack may write is hashed where it could be long or hold anything. */
export function keysOf(prefix: string = DEFAULT_PREFIX): Keys {
  const runs = `${prefix}:run:`;
  const run = (id: string) => `${runs}${id}`;
  return {
    runs,
    run,
    asks: (id) => `${run(id)}:asks`,
    held: (id) => `${run(id)}:held`,
    lease: (id) => `${run(id)}:lease`,
    posted: (id, place) => `${run(id)}:posted:${place}`,
    open: `${prefix}:open`,
    works: `${prefix}:works`,
    expiring: `${prefix}:orders:expiring`,
    moving: `${prefix}:orders:moving`,
    shared: (question) => `${prefix}:shared:${question}`,
    at: (place) => `${prefix}:at:${place}`,
    capture: (change) => `${prefix}:capture:${change}`,
    history: (cluster) => `${prefix}:history:${queueName(cluster)}`,
    workers: (cluster) => `${prefix}:workers:${queueName(cluster)}`,
    first: (key) => `${prefix}:first:${sha256(key)}`,
    pace: (kind) => `${prefix}:pace:${sha256(kind)}`,
    changed: `${prefix}:changed`,
    cancel: `${prefix}:cancel`,
    wrote: `${prefix}:wrote`,
  };
}

/** What the keys of BullMQ begin with. */
export const bullPrefix = (prefix: string = DEFAULT_PREFIX): string => `${prefix}:bull`;

/** The queue of a cluster, whose name may hold anything (an ARN has `:` and `/`): readable, and one of its own for each name. */
export function queueName(cluster: string): string {
  const readable = cluster
    .slice(-200)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(-40)
    .replaceAll(/^-|-$/g, '');
  return `${readable === '' ? 'cluster' : readable}-${sha256(cluster).slice(0, 12)}`;
}

/** The id of a run's job. BullMQ refuses ids that are whole numbers, and ten hexadecimal digits can be one. */
export const jobId = (run: string): string => `run-${run}`;

/** The run of a job's id; null: it is not the id of a run's job. */
export const runOfJob = (id: string | undefined): string | null => /^run-([0-9a-f]{10})$/.exec(id ?? '')?.[1] ?? null;
