import { Command } from 'commander';
import { request as requested } from '../access/changes/life.ts';
import { UsageError } from '../base/failure.ts';
import type { AnyRemedy } from '../remedies/remedy.ts';
import { performChange } from './change-engine.ts';
import { type Acting, acting } from './acting.ts';
import { type ChangeOutput, changeOutput } from './change-output.ts';
import { appliedStatus, refusedStatus } from './change-status.ts';
import { confirmed } from './confirm.ts';
import { couldNotTell } from './exit-status.ts';
import { actOf, applyOrder, type Carried, type Carrying } from './local/carry.ts';
import { type LocalOrder, shortId } from './local/order.ts';
import { type Pinned, pinned } from './local/pinned.ts';
import { terminalBy, terminalPolicy, terminalUser } from './local/policy.ts';
import { type LocalState, localState } from './local/terminal.ts';
import { liveView } from './live-view.ts';
import { type CheckOptions, configFor, requestFor, targetFor, withSubject } from './options.ts';
import { captureHooks, refuseNoFolder } from './capture-files.ts';
import { saveLines } from './query-lines.ts';
import { refuseUnwritable } from './writable.ts';
import { gates, needReason } from './remedy-gates.ts';
import { planned } from './remedy-plan.ts';
import { knownRemedy, param, wishFor } from './remedy-wish.ts';
import { ended } from './temporary.ts';

/** What a remedy is carried out with from a terminal. */
export interface RemedyOptions extends CheckOptions {
  param?: Record<string, string>;
  dryRun?: boolean;
  yes?: boolean;
  typeName?: string;
  reason?: string;
  detach?: boolean;
  saveLines?: string;
  /** Of a capture: the folder that its files go to, and whether names and clients are shown. */
  write?: string;
  names?: boolean;
}

/** A remedy that is to be carried out from here. */
interface Doing {
  remedy: AnyRemedy;
  options: RemedyOptions;
  pinned: Pinned;
  state: LocalState;
  output: ChangeOutput;
  carrying: Omit<Carrying, keyof Acting['hooks']>;
}

function doing(remedy: AnyRemedy, options: RemedyOptions, pin: Pinned): Doing {
  const json = options.json === true;
  const state = localState();
  const user = terminalUser();
  const { target } = pin;
  const carrying = {
    orders: state.orders,
    target,
    policy: terminalPolicy(target, configFor(options).policy, user),
    user,
    perform: performChange,
    now: Date.now,
  };
  return { remedy, options, pinned: pin, state, output: changeOutput(json), carrying };
}

/** Whether somebody says yes to the plan that was shown. */
async function isWanted({ options, output, pinned: { target } }: Doing, typeName: boolean): Promise<boolean> {
  const json = options.json === true;
  if (json && options.yes !== true) throw new UsageError('with --json say --yes too, or --dry-run');
  const yes = await confirmed({
    input: process.stdin,
    output: process.stderr,
    what: 'Carry it out',
    typeName: typeName ? target.name : null,
    yes: options.yes === true,
    typedName: options.typeName,
  });
  if (!yes) output.say('nothing was changed');
  return yes;
}

/** Asks for it and carries it out, the gates asked again. */
async function carried({ options, state, carrying, output }: Doing, order: LocalOrder): Promise<Carried> {
  const { policy, user, orders } = carrying;
  const capture = await captureHooks(options, order, carrying, output);
  await orders.add(order);
  output.say(`order ${shortId(order.change.id)}`);
  const { hooks, release } = acting(options.json === true, output.say, 'stopping: what is begun is brought to its end');
  try {
    return await state.orders.alone(order.change.id, async () => {
      const by = { ...terminalBy(user), reason: options.reason ?? null };
      const asked = await orders.move(order, (change) => requested(change, policy, by, actOf(order, carrying)));
      if (asked.stays !== null) return { ...asked, wrote: [] };
      return applyOrder(asked.order, { ...carrying, ...hooks, capture });
    });
  } finally {
    release();
  }
}

const STAYS = { expired: 'the plan is too old', state: 'the order cannot be carried out as it stands' } as const;

/** Carries the order out, and waits for the end of what is temporary. Gives the exit status. */
async function finished(now: Doing, order: LocalOrder): Promise<number> {
  const { output, options, carrying } = now;
  const done = await carried(now, order);
  if (done.stays !== null) {
    const { stays } = done;
    output.say(stays.why === 'policy' ? (stays.decision.says ?? stays.decision.reason) : STAYS[stays.why]);
    return refusedStatus;
  }
  output.result(done.order.change, 'apply', done.wrote);
  const status = appliedStatus(done.order.change);
  const how = { carrying, output, json: options.json === true, detach: options.detach === true };
  const end = await ended(done.order, how);
  if (end === null) return status;
  output.result(end.order.change, 'undo', end.wrote);
  await saveLines(options.saveLines, end.order, carrying, output);
  return end.order.change.state === 'undone' ? status : couldNotTell;
}

/** Plans it, shows the plan, and carries it out where somebody says yes. Gives the exit status. */
async function act(now: Doing): Promise<number> {
  const { remedy, options, pinned: pin, state, output, carrying } = now;
  const { terms, barred } = gates(carrying.policy, terminalBy(carrying.user), pin.target.name, remedy, Date.now());
  if (barred !== null) {
    output.say(barred);
    if (options.dryRun !== true) return refusedStatus;
  } else if (options.dryRun !== true) needReason(terms, options.reason);
  const wish = wishFor(remedy, options.param ?? {});
  const view = liveView(process.stderr, options.json === true);
  const request = { ...requestFor(pin.target, options), cluster: pin.target.name };
  const plan = await planned({ remedy, wish, request, pinned: pin, state, view, onLeft: output.say });
  if (plan === null) return 130;
  if ('none' in plan) {
    output.none(pin.target.name, plan.none);
    return refusedStatus;
  }
  output.plan(plan.order.change.plan);
  if (options.dryRun === true) return 0;
  return (await isWanted(now, terms.typeName)) ? finished(now, plan.order) : refusedStatus;
}

/** Plans a remedy, shows the plan, and carries it out where somebody says yes. Throws a UsageError. */
export async function runRemedy(id: string, cluster: string | undefined, options: RemedyOptions): Promise<void> {
  const remedy = knownRemedy(id);
  wishFor(remedy, options.param ?? {});
  if (options.yes === true && (cluster ?? options.kubeconfig ?? options.context) === undefined)
    throw new UsageError('with --yes name the cluster: the current context may be any');
  await refuseUnwritable('--save-lines', options.saveLines);
  refuseNoFolder(options.write);
  const now = doing(remedy, options, await pinned(targetFor(cluster, options)));
  process.exitCode = await act(now);
  now.output.end();
}

export const carryOutRemedy = withSubject(new Command('remedy'))
  .description('plan one action that mends something, show the plan, and carry it out')
  .argument('<id>', 'the remedy: `dns-medic remedies` lists them')
  .argument('[cluster]', 'a cluster of dns-medic.yaml, or a context of the kubeconfig')
  .option('-p, --param <key=value>', 'what to do it with (may be repeated)', param)
  .option('--dry-run', 'show the plan, and change nothing')
  .option('--yes', 'carry it out without asking')
  .option('--type-name <cluster>', 'the name of the cluster, where it would have to be typed')
  .option('--reason <text>', 'why, for the audit')
  .option('--detach', 'leave the end of a temporary change to a worker')
  .option('--save-lines <file>', 'keep the lines of a query log')
  .option('--json', 'print one JSON document at the end')
  .action(runRemedy);
