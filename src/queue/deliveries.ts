import { DelayedError, WaitingError, type Job } from 'bullmq';
import { plainError } from './answered.ts';
import { runOfJob } from './keys.ts';
import type { Performance } from './performance.ts';
import { refuseJob, takeUp, type Delivery, type JobFate } from './take.ts';
import type { WorkParts } from './work-parts.ts';

/** The runs that this process performs now. */
export interface Deliveries {
  /** Does what a job says, and with the job what is to be done with it: what BullMQ calls for each. */
  deliver(cluster: string, job: Job, token: string): Promise<void>;
  isOpen(): boolean;
  /** Jobs that come from now on are given back. */
  refuseNew(): void;
  /** Tells runs that change something to stop where it does no harm, and waits so long for each. Milliseconds. */
  stopChanges(patienceMs: number): void;
  /** Gives back the runs that go on; resolves when all are. */
  giveBack(): Promise<void>;
  /** Resolves when no run goes on. */
  idle(): Promise<void>;
  /** Looks at once whether somebody wants the run ended. */
  look(run: string): void;
  running(): number;
}

/** A run that is taken up here: what is to become of its job, and how to stop it once it has begun. */
interface Going {
  fate: Promise<JobFate>;
  performance: Performance | null;
}

/** Deliveries of jobs to this process. A run that is delivered again while it goes on here is not performed twice. */
export function openDeliveries(parts: WorkParts): Deliveries {
  const going = new Map<string, Going>();
  let isOpen = true;
  let givesBack = false;
  let changesStop: number | null = null;
  const begin = (cluster: string, delivery: Delivery): Going => {
    const one: Going = { fate: Promise.resolve({ is: 'done' }), performance: null };
    one.fate = takeUp(parts, cluster, delivery, (performance) => {
      one.performance = performance;
      if (givesBack) performance.stop('back');
      else if (changesStop !== null && performance.kind === 'change') performance.stop('back', changesStop);
    }).finally(() => going.delete(delivery.run));
    going.set(delivery.run, one);
    return one;
  };
  const idle = async () => {
    while (going.size > 0) await Promise.allSettled([...going.values()].map(({ fate }) => fate));
  };
  return {
    deliver: async (cluster, job, token) => {
      if (!isOpen) return settle(job, token, { is: 'back' });
      const run = runOfJob(job.id);
      if (run === null) return refuseJob(parts, cluster, null, 'the job is for no run');
      const { fate } = going.get(run) ?? begin(cluster, deliveryOf(run, job));
      return settle(job, token, await fate.catch(brokenOff(parts, run)));
    },
    isOpen: () => isOpen,
    refuseNew: () => {
      isOpen = false;
    },
    stopChanges: (patienceMs) => {
      changesStop = patienceMs;
      for (const { performance } of going.values()) if (performance?.kind === 'change') performance.stop('back', patienceMs);
    },
    giveBack: async () => {
      givesBack = true;
      for (const { performance } of going.values()) performance?.stop('back');
      await idle();
    },
    idle,
    look: (run) => going.get(run)?.performance?.look(),
    running: () => going.size,
  };
}

const count = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

function deliveryOf(run: string, job: Job): Delivery {
  const { data, name, stalledCounter, attemptsStarted, attemptsMade } = job;
  return { run, data, name, deaths: count(stalledCounter), deliveries: count(attemptsStarted), tries: count(attemptsMade) };
}

/** What is to be done with a job when Redis could not be asked or told about its run. */
function brokenOff({ hooks }: WorkParts, run: string): (error: unknown) => JobFate {
  return (error) => {
    hooks.log('warn', 'the run could not be taken up or ended', { run, error: plainError(error) });
    return { is: 'again' };
  };
}

/** Does with the job what is to be done. BullMQ is told by an error that a job is neither done nor failed. */
async function settle(job: Job, token: string, fate: JobFate): Promise<void> {
  if (fate.is === 'done') return;
  // Why is for the log: BullMQ writes the words into Redis.
  if (fate.is === 'again') throw new Error('the run broke off');
  if (fate.is === 'later') {
    await job.moveToDelayed(fate.until, token);
    throw new DelayedError();
  }
  await job.moveToWait(token);
  throw new WaitingError();
}
