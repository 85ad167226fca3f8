import { UsageError } from '../base/failure.ts';
import { isPlanned, newChange, type Proposal } from '../domain/change.ts';
import type { RemedyWish } from '../domain/plan.ts';
import type { CheckRequest } from '../domain/request.ts';
import type { AnyRemedy } from '../remedies/remedy.ts';
import { planFor } from './change-engine.ts';
import { interruption } from './check.ts';
import { keepCorefile } from './local/known-good.ts';
import type { LocalOrder } from './local/order.ts';
import type { Pinned } from './local/pinned.ts';
import type { LocalState } from './local/terminal.ts';
import type { LiveView } from './live-view.ts';
import { unsaid } from './remedy-wish.ts';

/** What is to be planned. `wish` null: what the check finds says with what. */
export interface PlanQuestion {
  remedy: AnyRemedy;
  wish: RemedyWish | null;
  request: CheckRequest;
  pinned: Pinned;
  state: LocalState;
  view: LiveView;
  onLeft: (message: string) => void;
}

const remedyIn = (proposal: Proposal): string => (isPlanned(proposal) ? proposal.plan.remedy : proposal.none.remedy);

/** The order that a plan begins with, as it is kept here. */
function orderOf(
  proposal: Extract<Proposal, { id: string }>,
  { pinned: { target, uid }, request }: PlanQuestion,
  run: string,
  causes: string[],
): LocalOrder {
  return {
    version: 1,
    cluster: { access: target.access, settings: target.settings, uid },
    run,
    request,
    causes,
    change: newChange(proposal),
    pending: null,
  };
}

/** Checks the cluster and plans the remedy. Null: it was interrupted. Throws a UsageError where nobody says what to do with it. */
export async function planned(question: PlanQuestion): Promise<{ order: LocalOrder } | Extract<Proposal, { id: null }> | null> {
  const { remedy, wish, request, pinned, state, view } = question;
  const { signal, release } = interruption(view.done);
  try {
    const asked = wish === null ? request : { ...request, remedy: wish };
    const corefiles = () => state.corefiles.of(pinned.target.name);
    const listeners = { onStep: view.onStep, onLeft: ({ message }: Error) => question.onLeft(message) };
    const { bundle, report, proposals } = await planFor(pinned.target, asked, corefiles, listeners, signal);
    view.done();
    if (signal.aborted) return null;
    await keepCorefile(state.corefiles, bundle, report);
    const proposal = proposals.find((one) => remedyIn(one) === remedy.id);
    if (proposal === undefined) throw new UsageError(unsaid(remedy));
    return isPlanned(proposal) ? { order: orderOf(proposal, question, bundle.run.id, report.verdict.causes) } : proposal;
  } finally {
    view.done();
    release();
  }
}
