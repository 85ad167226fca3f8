import { Command } from 'commander';
import { termsOf } from '../access/changes/terms.ts';
import { isUndoable } from '../access/changes/life.ts';
import { UsageError } from '../base/failure.ts';
import type { Target } from '../config/load.ts';
import type { Change } from '../domain/change.ts';
import { acting } from './acting.ts';
import { performChange } from './change-engine.ts';
import { type ChangeOutput, changeOutput } from './change-output.ts';
import { refusedStatus, undoneStatus } from './change-status.ts';
import { confirmed } from './confirm.ts';
import { type Carried, undoOrder } from './local/carry.ts';
import { type LocalOrder, shortId } from './local/order.ts';
import { pinned, sameCluster } from './local/pinned.ts';
import { terminalPolicy, terminalUser } from './local/policy.ts';
import { type LocalState, localState } from './local/terminal.ts';
import { saveLines } from './query-lines.ts';
import { refuseUnwritable } from './writable.ts';
import { type ClusterOptions, configFor, targetFor, withCluster } from './options.ts';

interface UndoOptions extends ClusterOptions {
  yes?: boolean;
  typeName?: string;
  json?: boolean;
  saveLines?: string;
}

/** The cluster that was named, or that of the order as it was reached then, with what the settings say of it now. */
function clusterOf({ change, cluster }: LocalOrder, named: string | undefined, options: UndoOptions): Target {
  if ((named ?? options.kubeconfig ?? options.context) !== undefined) return targetFor(named, options);
  const { access, settings } = cluster;
  const known = configFor(options).clusters.find(({ name }) => name === change.plan.cluster);
  return { ...known, name: change.plan.cluster, access, settings };
}

const stands = (change: Change): string => `order ${shortId(change.id)} is ${change.state}`;

/** Why there is nothing to undo; null: there is. One that a process died at in the middle may have written something. */
function nothingToUndo(change: Change): string | null {
  if (change.state === 'running' || change.state === 'undoing' || isUndoable(change)) return null;
  if (change.state === 'undone') return `${stands(change)} already`;
  if (change.plan.undo === null) return `${stands(change)}; what it did cannot be undone, and need not be`;
  return `${stands(change)}: nothing was written that could be taken back`;
}

async function isWanted({ plan }: Change, typeName: boolean, options: UndoOptions, output: ChangeOutput): Promise<boolean> {
  if (options.json === true && options.yes !== true) throw new UsageError('with --json say --yes too');
  output.say(`${plan.cluster}: ${plan.remedy}: ${plan.summary}`);
  if (plan.undo !== null) output.say(`to undo it: ${plan.undo}`);
  return confirmed({
    input: process.stdin,
    output: process.stderr,
    what: 'Undo it',
    typeName: typeName ? plan.cluster : null,
    yes: options.yes === true,
    typedName: options.typeName,
  });
}

async function undone(state: LocalState, order: LocalOrder, target: Target, options: UndoOptions, output: ChangeOutput): Promise<Carried> {
  const user = terminalUser();
  const policy = terminalPolicy(target, configFor(options).policy, user);
  const { hooks, release } = acting(options.json === true, output.say, 'stopping: what is begun is brought to its end');
  try {
    // it may have moved while somebody read the question
    return await state.orders.alone(order.change.id, (now) =>
      undoOrder(now, 'person', { orders: state.orders, target, policy, user, perform: performChange, now: Date.now, ...hooks }),
    );
  } finally {
    release();
  }
}

async function act(id: string, cluster: string | undefined, options: UndoOptions, output: ChangeOutput): Promise<number> {
  const state = localState();
  const order = await state.orders.find(id.toLowerCase());
  const { change } = order;
  const nothing = nothingToUndo(change);
  if (nothing !== null) {
    output.say(nothing);
    return change.state === 'undone' ? 0 : refusedStatus;
  }
  const pin = await pinned(clusterOf(order, cluster, options));
  sameCluster(order, pin);
  // it is the order's cluster, whatever it is called here
  const target = { ...pin.target, name: change.plan.cluster };
  const policy = terminalPolicy(target, configFor(options).policy, terminalUser());
  const { typeName } = termsOf(policy, { cluster: target.name, remedy: change.plan.remedy, risk: change.plan.risk }, Date.now());
  if (!(await isWanted(change, typeName, options, output))) {
    output.say('nothing was changed');
    return refusedStatus;
  }
  const done = await undone(state, order, target, options, output);
  output.result(done.order.change, 'undo', done.wrote);
  await saveLines(options.saveLines, done.order, { orders: state.orders, user: terminalUser(), now: Date.now }, output);
  if (done.stays !== null) output.say(stands(done.order.change));
  return done.stays === null ? undoneStatus(done.order.change) : refusedStatus;
}

async function run(id: string, cluster: string | undefined, options: UndoOptions): Promise<void> {
  await refuseUnwritable('--save-lines', options.saveLines);
  const output = changeOutput(options.json === true);
  process.exitCode = await act(id, cluster, options, output);
  output.end();
}

export const undoRemedy = withCluster(new Command('undo'))
  .description('take back what a remedy wrote, if nobody has changed it since')
  .argument('<order>', 'the order: its first ten digits, or all of them')
  .argument('[cluster]', 'its cluster, where it is reached another way than then')
  .option('--yes', 'undo it without asking')
  .option('--type-name <cluster>', 'the name of the cluster, where it would have to be typed')
  .option('--save-lines <file>', 'keep the lines of a query log')
  .option('--json', 'print one JSON document at the end')
  .action(run);
