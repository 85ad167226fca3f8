import { z } from 'zod';
import { Channel, Person } from './access.ts';
import { Change, ChangeOrder, Proposal } from './change.ts';
import { DoctorReport } from './doctor.ts';
import { ActResult } from './plan.ts';
import { AnyReading } from './reading.ts';
import { Report } from './report.ts';
import { CheckRequest } from './request.ts';

/** A run's id: ten hexadecimal digits. It is a label of its probe pods, the id of its job, and what people type after `status` and `cancel`. */
export const RunId = z.string().regex(/^[0-9a-f]{10}$/);

/** `change`: does or undoes what an order says. */
export const RunKind = z.enum(['check', 'doctor', 'change']);
export type RunKind = z.infer<typeof RunKind>;

/** What the bot orders of a worker. It travels signed (`SignedOrder`): Redis is no proof of who asked. Times are milliseconds since 1970. */
export const RunOrder = z.object({
  version: z.literal(1),
  run: RunId,
  kind: RunKind,
  request: CheckRequest,
  person: Person,
  channel: Channel,
  issuedAt: z.number(),
  /** A worker does not begin after it. */
  expiresAt: z.number(),
  /** For the kind `change`: what is to be done or undone. `person` is then the one whose act started it. */
  change: ChangeOrder.optional(),
});
export type RunOrder = z.infer<typeof RunOrder>;

/** The secret that signs orders has at least so many characters: one that can be guessed is none. */
export const SHORTEST_SECRET = 32;

/** An order and the bot's HMAC over its exact text: the text is what was signed, so nothing depends on how JSON is written again. */
export const SignedOrder = z.object({ order: z.string().max(16_384), signature: z.string().regex(/^[0-9a-f]{64}$/) });
export type SignedOrder = z.infer<typeof SignedOrder>;

/** A place that gets the thread of a run. `thread` null: a card of its own in the channel, with a thread below it. */
export const Place = z.object({
  channel: z.string(),
  thread: z.string().nullable(),
  /** User ids of those who asked for it here, in order. */
  askers: z.array(z.string()),
});
export type Place = z.infer<typeof Place>;

/** The key of a place: one run stands at most once in a place. */
export const placeKey = ({ channel, thread }: Pick<Place, 'channel' | 'thread'>): string =>
  thread === null ? channel : `${channel}/${thread}`;

export const RunState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);
export type RunState = z.infer<typeof RunState>;

/** Whether a run in this state changes no more. */
export const isOver = (state: RunState): boolean => state === 'done' || state === 'failed' || state === 'cancelled';

export const RunStep = z.object({
  id: z.string(),
  title: z.string(),
  /** pending: waits for others. */
  state: z.enum(['pending', 'running', 'ok', 'failed']),
  reason: z.string().nullable(),
  durationMs: z.number().nullable(),
});
export type RunStep = z.infer<typeof RunStep>;

/** How far a run is: written by the worker that has it (and by `cancel` for one that no worker has yet). */
export const Progress = z.object({
  state: RunState,
  /** 0 in the queue, 1 for the first worker that took it, 2 after a worker died, ... */
  attempt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  steps: z.array(RunStep),
  /** Why it failed, in words for people; null unless `failed`. */
  error: z.string().nullable(),
  /** Who cancelled it; null unless `cancelled`. */
  cancelledBy: z.string().nullable(),
});
export type Progress = z.infer<typeof Progress>;

/** What came out of a run that is done. `readings` are what the report's proof points into; empty where they were too large to keep. */
export const RunResult = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('check'),
    report: Report,
    readings: z.record(z.string(), AnyReading),
    /** What could be done about it, best first; left out where nothing was looked for. */
    proposals: z.array(Proposal).optional(),
  }),
  z.object({ kind: z.literal('doctor'), report: DoctorReport }),
  z.object({ kind: z.literal('change'), result: ActResult }),
]);
export type RunResult = z.infer<typeof RunResult>;

/** All that is known of a run. The thread is a function of it. */
export const RunRecord = z.object({
  id: RunId,
  kind: RunKind,
  cluster: z.string(),
  request: CheckRequest,
  /** User id of the one who asked first. */
  askedBy: z.string(),
  createdAt: z.number(),
  places: z.array(Place),
  progress: Progress,
  result: RunResult.nullable(),
  /** The orders that this run proposed, as they stand now; `steps` of those that are being done. Left out: none. */
  changes: z.array(Change.extend({ steps: z.array(RunStep).optional() })).optional(),
  /** Counts the moves of its orders. */
  revision: z.number().optional(),
  /** For the kind `change`: which order of which run. */
  change: z.object({ of: RunId, change: z.string(), act: z.enum(['apply', 'undo']) }).optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** A run as lists show it. */
export const RunSummary = z.object({
  id: RunId,
  kind: RunKind,
  cluster: z.string(),
  askedBy: z.string(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  state: RunState,
  /** The verdict's status and cause, for a check that is done. */
  status: z.string().nullable(),
  cause: z.string().nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** A cluster as the bot knows it: named in the configuration, and how many workers have said lately that they serve it. */
export const ClusterState = z.object({ cluster: z.string(), workers: z.number(), waiting: z.number(), running: z.number() });
export type ClusterState = z.infer<typeof ClusterState>;

/** The message of a slot as it stands in Slack. `posting`: sent, and no answer seen yet (the process may have died in between). */
export const PostedMessage = z.object({
  state: z.enum(['posting', 'posted', 'gone', 'refused']),
  ts: z.string().nullable(),
  /** Of the message as it stands there: what it is compared by. */
  hash: z.string(),
  at: z.number(),
});
export type PostedMessage = z.infer<typeof PostedMessage>;
