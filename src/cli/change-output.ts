import type { Change } from '../domain/change.ts';
import type { NoPlan, Plan } from '../domain/plan.ts';
import type { RunStep } from '../domain/run.ts';
import type { Step } from '../flows/schedule.ts';
import { printable } from '../report/printable.ts';
import { actResultText, noPlanText, planText } from '../report/terminal/plan.ts';
import { paletteFor } from './colours.ts';
import { jsonText, widthOf } from './print.ts';
import type { Wrote } from '../remedies/remedy.ts';
import { shortId } from './local/order.ts';

const style = () => ({ width: widthOf(process.stdout), palette: paletteFor(process.stdout) });

/** What a command that changes something prints for a program. */
export interface ChangeDocument {
  schema: 'dns-medic/change/v1';
  cluster: string;
  plan: Plan | null;
  none: NoPlan | null;
  /** The order's id; null: none was made. */
  order: string | null;
  state: Change['state'] | null;
  why: string | null;
  result: Change['result'];
  undoResult: Change['undoResult'];
  /** When it ends by itself, in milliseconds since 1970. */
  endsAt: number | null;
}

const NOTHING = { plan: null, none: null, order: null, state: null, why: null, result: null, undoResult: null, endsAt: null };

/** Where a command tells what it does: for people as it goes on, or as one document at its end. */
export interface ChangeOutput {
  none: (cluster: string, none: NoPlan) => void;
  plan: (plan: Plan) => void;
  /** What came of the last act. */
  result: (change: Change, act: 'apply' | 'undo', wrote: readonly Wrote[]) => void;
  /** Something beside it, for people: on the standard error stream. */
  say: (text: string) => void;
  /** The last word: the document, where one is wanted. */
  end: () => void;
}

const objectOf = ({ object: { kind, namespace, name }, how }: Wrote): string =>
  `${how} ${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;

/** What was written by an act that did not come to its end, and the command that takes it back. */
function leftLines({ id, result, undoResult, plan }: Change, act: 'apply' | 'undo', wrote: readonly Wrote[]): string[] {
  const { outcome } = (act === 'apply' ? result : undoResult) ?? {};
  const written = outcome === 'applied' || outcome === 'unverified' ? [] : wrote.map((write) => `written: ${objectOf(write)}`);
  const undo = act === 'apply' && result?.undoable === true && plan.undo !== null ? [`dns-medic undo ${shortId(id)} takes it back`] : [];
  return [...written, ...undo];
}

/** Prints to the standard output stream, and what is beside it to the standard error stream. */
export function changeOutput(json: boolean): ChangeOutput {
  let document: ChangeDocument = { schema: 'dns-medic/change/v1', cluster: '', ...NOTHING };
  const print = (text: string): void => {
    if (!json) process.stdout.write(`${text.trimEnd()}\n`);
  };
  const say = (text: string): void => void process.stderr.write(`${printable(text, 2_000)}\n`);
  return {
    none: (cluster, none) => {
      document = { ...document, cluster, none };
      print(noPlanText(none, style()));
    },
    plan: (plan) => {
      document = { ...document, cluster: plan.cluster, plan };
      print(planText(plan, style()));
    },
    result: (change, act, wrote) => {
      const { plan, id, state, why, result, undoResult, endsAt } = change;
      document = { ...document, cluster: plan.cluster, plan, order: id, state, why, result, undoResult, endsAt };
      const came = act === 'apply' ? result : undoResult;
      if (came !== null) print(actResultText(came, plan, style(), act));
      else if (why !== null) print(why);
      leftLines(change, act, wrote).forEach(say);
    },
    say,
    end: () => {
      if (json) process.stdout.write(`${jsonText(document)}\n`);
    },
  };
}

/** The step of an act, for the view that shows those of a check. */
export const asStep = ({ id, title, state, reason, durationMs }: RunStep): Step =>
  state === 'ok' || state === 'failed'
    ? { event: 'end', id, title, status: state, reason, durationMs: durationMs ?? 0 }
    : { event: 'start', id, title };
