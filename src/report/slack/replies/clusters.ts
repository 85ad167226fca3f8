import type { Action } from '../../../domain/access.ts';
import type { ClusterState } from '../../../domain/run.ts';
import { count } from '../../terminal/amounts.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { few } from '../text/escape.ts';
import { aside, line } from '../text/parts.ts';
import { bold, joined, name, ours, type Words, words } from '../text/words.ts';

const mostClusters = 30;
/** Lines that a section has room for, however long their names are. */
const perSection = 5;

/** A cluster in a line: whether it is served, and what it has to do. */
export function clusterWords({ cluster, workers, waiting, running }: ClusterState): Words {
  const served = workers === 0 ? ours('⚠️ no worker') : ours(`✅ ${count(workers, 'worker')}`);
  return words`${name(cluster)} · ${served} · ${running} running · ${waiting} waiting`;
}

/** Lines in sections of a few. */
export function inSections(lines: readonly Words[]): Words[] {
  return Array.from({ length: Math.ceil(lines.length / perSection) }, (_, at) =>
    joined(lines.slice(at * perSection, (at + 1) * perSection), '\n'),
  );
}

/** The clusters, their workers, and what the person may do with each. `may`: by cluster; one that is not in it may not be touched. */
export function clustersMessage(clusters: readonly ClusterState[], may: Readonly<Record<string, readonly Action[]>>): Message {
  const { shown, more } = few(clusters, mostClusters);
  if (shown.length === 0) return messageOf([line(words`No cluster is configured.`)]);
  const lines = shown.map((state) => {
    const actions = Object.hasOwn(may, state.cluster) ? (may[state.cluster] ?? []) : [];
    return words`${clusterWords(state)} · you may: ${ours(actions.length === 0 ? 'nothing' : actions.join(', '))}`;
  });
  const unserved = shown.some(({ workers }) => workers === 0);
  return messageOf([
    line(bold(ours('Clusters'))),
    ...inSections(lines).map((section) => line(section)),
    ...(more === 0 ? [] : [line(words`and ${more} more`)]),
    ...(unserved ? [aside(words`Where there is no worker, checks wait until one is started for that cluster.`)] : []),
  ]);
}
