import type { HomeView, KnownBlock } from '@slack/types';
import type { Change } from '../../../domain/change.ts';
import type { ClusterState, RunRecord, RunSummary } from '../../../domain/run.ts';
import { asSentence, shortOrder } from '../../change-words.ts';
import { clusterWords, inSections } from '../replies/clusters.ts';
import { commandsPart } from '../replies/help.ts';
import { runWords } from '../replies/history.ts';
import { few } from '../text/escape.ts';
import { aside, line, type Part, prose } from '../text/parts.ts';
import { bold, dayOf, joined, link, name, nothing, ours, type Words, user, words } from '../text/words.ts';
import { OPEN_FORM } from './fields.ts';

/** What the Home tab of a person shows. `clusters`: those that they may check or see; `mayCheck`: names of those that they may check. */
export interface Home {
  clusters: readonly ClusterState[];
  runs: readonly RunSummary[];
  commandName: string;
  mayCheck: readonly string[];
  /** Orders of these clusters that wait for somebody's approval, newest first; `address`: of the thread that asks. Left out: none. */
  approvals?: readonly OpenApproval[];
}

/** An order that waits for approval. */
export interface OpenApproval {
  change: Change;
  record: Pick<RunRecord, 'cluster'>;
  address: string | null;
}

const mostClusters = 40;
const mostRuns = 15;
const mostApprovals = 10;

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

/** An order that waits: what, where, who asks, until when, and where to say yes or no. */
function approvalParts({ change, record, address }: OpenApproval): Part[] {
  const { plan, requested, expiresAt, id } = change;
  const by = requested === null ? nothing : words`asked for by ${user(requested.person.user)} at ${dayOf(requested.at)}`;
  const where = address === null ? ours('approve or decline it in its thread') : link(address, 'Approve or decline it in its thread');
  return [
    line(joined([words`🙋 ${name(plan.remedy, 60)}`, name(record.cluster), by, words`until ${dayOf(expiresAt)}`], ' · ')),
    prose(asSentence(plan.summary), 300),
    aside(joined([ours(plan.risk), where, words`order ${name(shortOrder(id), 12)}`], ' · ')),
  ];
}

function approvals({ approvals: open = [] }: Home): Part[] {
  const { shown, more } = few(open, mostApprovals);
  if (shown.length === 0) return [aside(words`None.`)];
  return [...shown.flatMap(approvalParts), ...(more === 0 ? [] : [aside(words`and ${more} more`)])];
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
      ...blocks(approvals(home)),
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
