import { Failure } from '../base/failure.ts';
import type { CaptureReport } from '../domain/capture.ts';
import type { Change } from '../domain/change.ts';
import type { ActResult, Sight } from '../domain/plan.ts';
import type { Report } from '../domain/report.ts';
import type { Acted, ActContext, AnyRemedy } from '../remedies/remedy.ts';
import { mayStillShow, proofOf, sightOf } from './proof.ts';
import { toldStep } from './told-step.ts';
import { type Weighed, weighed } from './weigh.ts';

export type When = 'before' | 'after';

/** An act: what is done, and what it is done with. */
export interface Act {
  remedy: AnyRemedy;
  change: Change;
  act: 'apply' | 'undo';
  context: ActContext;
  /** A fresh report of the cluster, before the act or after it. */
  look: (signal: AbortSignal, when: When) => Promise<Report>;
  /** A fresh check, judged without and with what was captured. */
  weigh: (signal: AbortSignal, capture: CaptureReport) => Promise<Weighed>;
  /** Hears of the look before, before anything is written. */
  onBefore: (sight: Sight) => Promise<void>;
}

const LOOK_EVERY_MS = 3_000;

/** One look, told as a step. Null when it could not be looked. */
const seen = ({ look, change, context }: Act, when: When, title: string): Promise<Sight | null> =>
  toldStep(context, `look-${when}`, title, async () => sightOf(await look(context.signal, when), change.plan.proves, context.now()));

/** What was not meant to be thrown is an error of ours: it is said, and not tried again in the middle of a change. */
function broken(error: unknown, undoable: boolean): Acted {
  const says =
    error instanceof Failure ? error.message : `dns-medic made a mistake: ${error instanceof Error ? error.message : String(error)}`;
  const next = undoable ? ['Undo it, or look at what stands there now.'] : [];
  return { outcome: 'failed', says, next, undoable };
}

async function acted({ remedy, change, act, context }: Act, hasWritten: () => boolean): Promise<Acted> {
  const data = remedy.data.safeParse(change.plan.data);
  if (!data.success)
    return { outcome: 'refused', says: 'this version of dns-medic does not understand the plan', next: ['Check again.'], undoable: false };
  try {
    if (act === 'apply') return await remedy.apply(context, data.data as never, change.plan);
    if (remedy.undo !== null) return await remedy.undo(context, data.data as never, change.plan);
    return { outcome: 'refused', says: 'it cannot be undone', next: [], undoable: false };
  } catch (error) {
    return broken(error, hasWritten());
  }
}

/** Looks until it shows, or no longer than the plan says that it takes. */
async function proven(run: Act, before: Sight | null, firstLook: Sight | null, wait: boolean) {
  const { context, change } = run;
  const end = context.now() + (wait ? change.plan.effect.withinMs : 0);
  let after = firstLook ?? (await seen(run, 'after', 'Looking whether it helped'));
  while (mayStillShow(proofOf(before, after, change.plan)) && context.now() < end && !context.stopping.aborted) {
    await context.pause(LOOK_EVERY_MS);
    after = (await seen(run, 'after', 'Looking whether it helped')) ?? after;
  }
  return { after, proof: proofOf(before, after, change.plan) };
}

/** Remembers when the first write was done. */
function timed(context: ActContext): { context: ActContext; firstWrite: () => number | null } {
  let first: number | null = null;
  const wrote: ActContext['wrote'] = (write) => {
    first ??= context.now();
    return context.wrote(write);
  };
  return { context: { ...context, wrote }, firstWrite: () => first };
}

const outcomeOf = ({ outcome }: Acted, proof: ActResult['proof']): ActResult['outcome'] =>
  outcome === 'applied' && proof === 'unknown' ? 'unverified' : outcome;

/**
 * Carries an order out, or undoes it: looks before, acts, and looks until what it should bring about shows or its time is over. May be called
 * again after a worker died in the middle: the look before is then the one that was kept. What changes nothing is not proved; what it captured is
 * weighed by one check. Never rejects for what the cluster says.
 */
export async function carryOut(run: Act): Promise<ActResult> {
  const { change, act, remedy } = run;
  const kept = act === 'apply' ? change.before : null;
  const before = kept ?? (remedy.changesNothing === true ? null : await seen(run, 'before', 'Looking at the cluster before'));
  if (before !== null && kept === null) await run.onBefore(before);
  const { context, firstWrite } = timed(run.context);
  const done = await acted({ ...run, context }, () => firstWrite() !== null);
  // what was broken off by the end of this process is gone on with by another
  run.context.signal.throwIfAborted();
  const { outcome, says, next, undoable, queries = null, capture = null, lines = [] } = done;
  const shown = { queries, capture, lines: [...lines] };
  const came = { outcome, says, next: [...next], before, undoable, ...shown };
  if (remedy.changesNothing === true) {
    const looked = capture === null ? { after: null } : await weighed(run.context, capture, run.weigh);
    return { ...came, ...looked, proof: 'none', effectMs: null };
  }
  const waits = outcome === 'applied' && act === 'apply';
  const nothing = { after: null, proof: 'none' as const };
  const { after, proof } = outcome === 'refused' ? nothing : await proven(run, before, null, waits);
  const wrote = firstWrite();
  const effectMs = proof === 'fixed' && wrote !== null && after !== null ? Math.max(0, after.at - wrote) : null;
  return { ...came, outcome: outcomeOf(done, proof), after, proof, effectMs };
}
