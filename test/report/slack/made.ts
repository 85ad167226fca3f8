import type { Bundle, Report } from '../../../src/domain/report.ts';
import type { Place, Progress, RunRecord, RunStep } from '../../../src/domain/run.ts';

/** 2026-11-23 02:03:04 UTC. */
export const at = Date.UTC(2026, 10, 23, 2, 3, 4);

export const inChannel: Place = { channel: 'C0INCIDENT', thread: null, askers: ['U0ADA'] };
export const inThread: Place = { channel: 'C0INCIDENT', thread: '1763863384.000100', askers: ['U0BOB'] };

export const step = (over: Partial<RunStep> = {}): RunStep => ({
  ...{ id: 'corefile', title: 'Reading the Corefile', state: 'ok' as const, reason: null, durationMs: 12 },
  ...over,
});

export const progress = (over: Partial<Progress> = {}): Progress => ({
  ...{ state: 'queued' as const, attempt: 0, startedAt: null, endedAt: null, steps: [], error: null, cancelledBy: null },
  ...over,
});

export const request = (over: Partial<RunRecord['request']> = {}): RunRecord['request'] => ({
  ...{ cluster: 'cluster-a', pod: null, node: null, names: [], quick: false, probePods: true, ephemeral: false, timeoutMs: 30_000 },
  ...over,
});

/** A run that was just asked for; tests override what they are about. */
export const record = (over: Partial<RunRecord> = {}): RunRecord => ({
  ...{ id: '0a1b2c3d4e', kind: 'check' as const, cluster: 'cluster-a', request: request(), askedBy: 'U0ADA', createdAt: at },
  ...{ places: [inChannel, inThread], progress: progress(), result: null },
  ...over,
});

export const running = (over: Partial<Progress> = {}): Progress =>
  progress({
    state: 'running',
    attempt: 1,
    startedAt: at + 400,
    steps: [
      step(),
      step({ id: 'nodes', title: 'Reading the nodes', state: 'failed', reason: 'forbidden' }),
      step({ id: 'lookups', title: 'Asking every CoreDNS pod from several nodes', state: 'running', durationMs: null }),
    ],
    ...over,
  });

export const ended = (over: Partial<Progress> = {}): Progress =>
  running({
    state: 'done',
    endedAt: at + 6_300,
    steps: running().steps.map((one) => (one.state === 'running' ? { ...one, state: 'ok', durationMs: 4000 } : one)),
    ...over,
  });

/** A check that is done, with its report. */
export const done = (report: Report, readings: Bundle['readings'] | Record<string, unknown>, over: Partial<RunRecord> = {}): RunRecord =>
  record({ progress: ended(), result: { kind: 'check', report, readings: readings as Bundle['readings'] }, ...over });
