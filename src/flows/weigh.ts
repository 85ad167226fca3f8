import type { CaptureReport } from '../domain/capture.ts';
import type { ActResult, Sight } from '../domain/plan.ts';
import type { Bundle, Report } from '../domain/report.ts';
import type { ActContext } from '../remedies/remedy.ts';
import { sightOf } from './proof.ts';
import { toldStep } from './told-step.ts';

/** What a fresh check says by itself, and with what was captured. */
export interface Weighed {
  alone: Report;
  together: Report;
}

/** What was captured as a reading of a run. */
export const withCapture = (bundle: Bundle, capture: CaptureReport): Bundle => ({
  ...bundle,
  readings: { ...bundle.readings, capture: { id: 'capture', status: 'ok', data: capture, durationMs: 0 } },
});

/** The verdict with what was captured; null where the check says the same without it. */
function newVerdict({ alone, together }: Weighed): ActResult['verdict'] {
  const { status, cause, causes, sentence } = together.verdict;
  const isNew = cause !== alone.verdict.cause || causes.some((code) => !alone.verdict.causes.includes(code));
  return isNew ? { status, cause, sentence } : null;
}

/** Weighs what was captured: one fresh check, judged with it. Where that fails, what was captured stands alone. */
export async function weighed(
  context: Pick<ActContext, 'now' | 'say' | 'signal' | 'stopping'>,
  capture: CaptureReport,
  weigh: (signal: AbortSignal, capture: CaptureReport) => Promise<Weighed>,
): Promise<{ after: Sight | null; verdict: ActResult['verdict'] }> {
  // whoever stopped it waits for nothing more
  if (context.stopping.aborted) return { after: null, verdict: null };
  const came = await toldStep(context, 'look-after', 'Checking again with what was captured', () => weigh(context.signal, capture));
  if (came === null) return { after: null, verdict: null };
  return { after: sightOf(came.together, [], context.now()), verdict: newVerdict(came) };
}
