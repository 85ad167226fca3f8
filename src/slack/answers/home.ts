import { clustersFor } from '../../access/decide.ts';
import type { Action, Person } from '../../domain/access.ts';
import type { RunSummary } from '../../domain/run.ts';
import { type Home } from '../../report/slack/views/home.ts';
import type { Counter } from '../counter.ts';
import { approvalsFor } from './approvals.ts';

const MOST_RUNS = 15;
/** Each costs a question to Redis. */
const MOST_CLUSTERS = 40;

async function lastRuns({ desk }: Counter, clusters: readonly string[]): Promise<RunSummary[]> {
  const histories = await Promise.all(clusters.slice(0, MOST_CLUSTERS).map((cluster) => desk.history(cluster, MOST_RUNS)));
  return histories
    .flat()
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .slice(0, MOST_RUNS);
}

/** What the Home tab of this person shows: what they may check or see from some channel. For those who may nothing, nothing is asked. */
export async function homeOf(counter: Counter, person: Person): Promise<Home> {
  const { policy, clusters: names, commandName } = counter;
  const those = (action: Action): string[] => clustersFor(policy, person, null, action, names);
  const [mayCheck, mayRead] = [those('check'), those('read')];
  const shown = new Set([...mayCheck, ...mayRead]);
  const approvals = await approvalsFor(counter, person);
  if (shown.size === 0) return { clusters: [], runs: [], approvals, commandName, mayCheck };
  const [states, runs] = await Promise.all([counter.desk.clusters(), lastRuns(counter, mayRead)]);
  return { clusters: states.filter(({ cluster }) => shown.has(cluster)), runs, approvals, commandName, mayCheck };
}
