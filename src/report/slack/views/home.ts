import type { HomeView, KnownBlock } from '@slack/types';
import type { ClusterState, RunSummary } from '../../../domain/run.ts';
import { clusterWords, inSections } from '../replies/clusters.ts';
import { commandsPart } from '../replies/help.ts';
import { runWords } from '../replies/history.ts';
import { few } from '../text/escape.ts';
import { aside, line, type Part } from '../text/parts.ts';
import { bold, name, ours, type Words, words } from '../text/words.ts';
import { OPEN_FORM } from './fields.ts';

/** What the Home tab of a person shows. `clusters`: those that they may check or see; `mayCheck`: names of those that they may check. */
export interface Home {
  clusters: readonly ClusterState[];
  runs: readonly RunSummary[];
  commandName: string;
  mayCheck: readonly string[];
}

const mostClusters = 40;
const mostRuns = 15;

const heading = (text: string): KnownBlock => ({ type: 'header', text: { type: 'plain_text', text, emoji: false } });

const button: KnownBlock = {
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: OPEN_FORM,
      style: 'primary',
      text: { type: 'plain_text', text: 'Check a cluster…', emoji: false },
      accessibility_label: 'Open the form for a DNS check',
    },
  ],
};

function listParts(lines: readonly Words[], more: number, none: string): Part[] {
  if (lines.length === 0) return [aside(ours(none))];
  return [...inSections(lines).map((section) => line(section)), ...(more === 0 ? [] : [aside(words`and ${more} more`)])];
}

function clusterParts({ clusters, mayCheck }: Home): Part[] {
  const { shown, more } = few(clusters, mostClusters);
  const lines = shown.map((state) => words`${clusterWords(state)}${ours(mayCheck.includes(state.cluster) ? '' : ' · you may only look')}`);
  return listParts(lines, more, 'None that you may check or see. Whoever runs dns-medic gives that right, in its policy.');
}

/** The Home tab: the clusters, the last runs, what waits for approval, and help. Only its owner sees it. */
export function homeView(home: Home): HomeView {
  const { shown, more } = few(home.runs, mostRuns);
  const runs = listParts(
    shown.map((run) => runWords(run, 'one', true)),
    more,
    'No run is kept.',
  );
  const blocks = (parts: readonly Part[]): KnownBlock[] => parts.map(({ block }) => block);
  return {
    type: 'home',
    blocks: [
      heading('Clusters'),
      ...blocks(clusterParts(home)),
      ...(home.mayCheck.length === 0 ? [] : [button]),
      heading('Last runs'),
      ...blocks(runs),
      heading('Open approvals'),
      ...blocks([aside(words`None.`)]),
      heading('Help'),
      ...blocks([
        line(
          words`${bold(ours('dns-medic'))} finds out why DNS fails in a Kubernetes cluster. ${name(home.commandName, 40)} alone opens a form.`,
        ),
        commandsPart(home.commandName),
      ]),
    ],
  };
}
