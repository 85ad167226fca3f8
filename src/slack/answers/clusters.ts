import { clustersFor } from '../../access/decide.ts';
import { Action } from '../../domain/access.ts';
import { clustersMessage } from '../../report/slack/replies/clusters.ts';
import { helpMessage } from '../../report/slack/replies/help.ts';
import type { Counter } from '../counter.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { refuseBarred } from './refuse.ts';

/** What the person may do from here with each cluster; those that they may do nothing with are left out. */
export function rightsOf({ policy, clusters }: Counter, { person, where }: Pick<Situation, 'person' | 'where'>): Record<string, Action[]> {
  const rights = clusters.map((cluster) => {
    const may = Action.options.filter((action) => clustersFor(policy, person, where.channel, action, [cluster]).length > 0);
    return [cluster, may] as const;
  });
  return Object.fromEntries(rights.filter(([, may]) => may.length > 0));
}

/** The clusters that the person may do something with, and whether they are served. */
export async function listClusters(counter: Counter, situation: Situation): Promise<Answer> {
  const barred = refuseBarred(counter, situation, 'read');
  if (barred !== null) return barred;
  const rights = rightsOf(counter, situation);
  const states = (await counter.desk.clusters()).filter(({ cluster }) => Object.hasOwn(rights, cluster));
  if (states.length === 0) return help(counter, situation);
  return { outcome: 'answered', message: clustersMessage(states, rights) };
}

/** What one can ask for; it names no cluster that the person may not check from here. */
export function help({ policy, clusters: names }: Counter, { person, where, calledAs }: Situation): Answer {
  return { outcome: 'answered', message: helpMessage(calledAs, clustersFor(policy, person, where.channel, 'check', names)) };
}
