import type { PlainTextOption } from '@slack/types';
import { oneLine } from '../text/escape.ts';

const mostOptions = 100;
/** Slack's bound for the value of an option; a name must come back whole. */
const longestValue = 75;

/** Names of clusters as options of a menu, and how many found no place in it: too many, or too long. */
export function clusterOptions(clusters: readonly string[]): { options: PlainTextOption[]; left: number } {
  const all = [...new Set(clusters)].toSorted();
  const fitting = all.filter(
    (cluster) => cluster.length > 0 && cluster.length <= longestValue && oneLine(cluster, longestValue) === cluster,
  );
  const shown = fitting.slice(0, mostOptions);
  return {
    options: shown.map((cluster) => ({ text: { type: 'plain_text', text: cluster, emoji: false }, value: cluster })),
    left: all.length - shown.length,
  };
}
