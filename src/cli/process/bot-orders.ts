import { finishUndo, expire, refuse } from '../../access/changes/life.ts';
import { termsOf } from '../../access/changes/terms.ts';
import type { Policy } from '../../domain/access.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Change, ChangeTerms } from '../../domain/change.ts';
import type { ActResult, Plan } from '../../domain/plan.ts';
import type { RunRecord } from '../../domain/run.ts';
import type { OrderJudges } from '../../queue/order-loop.ts';
import { remedies } from '../../remedies/registry.ts';
import { wrongParams } from '../../remedies/wrong-params.ts';
import type { RemedyKind } from '../../slack/remedy-kind.ts';
import type { OnFile } from '../../slack/sent-file.ts';

/** Why a run that is over did not do what an order says. */
function whyLeft({ progress }: RunRecord): string {
  if (progress.state === 'cancelled') return 'it was stopped before it began';
  return progress.error ?? 'its worker ended without a word of what came of it';
}

const notUndone = (says: string): ActResult => ({
  outcome: 'failed',
  says,
  next: ['Look at what stands in the cluster now, and undo it again.'],
  before: null,
  after: null,
  proof: 'unknown',
  effectMs: null,
  undoable: true,
  queries: null,
  lines: [],
});

/** How orders are moved that no person and no worker moves. */
export const orderJudges: OrderJudges = {
  expire,
  left: (change: Change, work, act) =>
    change.state === 'undoing' ? finishUndo(change, notUndone(whyLeft(work)), act) : refuse(change, whyLeft(work), act),
};

/** Who must stand behind a change, by the policy as it is now. */
export const termsBy =
  (policy: () => Policy) =>
  (cluster: string, { remedy, risk }: Plan): ChangeTerms =>
    termsOf(policy(), { cluster, remedy, risk }, Date.now());

/** The remedies as people may ask for them by name. */
export const remedyKinds: readonly RemedyKind[] = remedies.map((remedy) => {
  const { id, title, helps, paramHelp } = remedy;
  return { id, title, helps, paramHelp, wrong: (params) => wrongParams(remedy, params) };
});

/** Writes into the audit who was given lines of a query log, or files of a capture, before they are shown. */
export const filesInto =
  (audit: (entry: AuditEntry) => Promise<unknown>): OnFile =>
  async (sent) => {
    const { person, channel, cluster, run, change, remedy, digest, bytes } = sent;
    const contents = 'lines' in sent ? { lines: sent.lines } : { files: [...sent.files] };
    await audit({
      at: Date.now(),
      actor: { kind: 'person', id: person.user },
      action: 'file-sent',
      cluster,
      change,
      remedy,
      run,
      digest,
      details: { channel: channel.id, ...contents, bytes },
    });
  };
