import { join } from 'node:path';
import { place, recordedRun, standingText } from '../../src/cli/demo/recorded-thread.ts';
import { BUNDLES } from '../../src/cli/demo/scenery.ts';
import { readBundle } from '../../src/cli/judge.ts';
import type { ChangeTerms } from '../../src/domain/change.ts';
import type { RunRecord, RunStep } from '../../src/domain/run.ts';
import { viewText } from '../../src/lab/slack/render/conversation.ts';
import { labSeed } from '../../src/lab/slack/world/seed.ts';
import { createWorld, type Json, type StoredView } from '../../src/lab/slack/world/world.ts';
import { threadOf } from '../../src/report/slack/thread.ts';
import { reviewModal } from '../../src/report/slack/views/review.ts';
import { orders, plannedAt, type Stage } from './orders.ts';

const terms: ChangeTerms = {
  people: 2,
  reason: false,
  typeName: false,
  readOnly: false,
  frozen: null,
  mayApprove: { users: [], groups: ['S0SRE'], channels: ['any'] },
};

const stepsOf = ({ steps = [] }: Pick<Stage, 'steps'>): { steps?: RunStep[] } => (steps.length === 0 ? {} : { steps });

const isTold = (slot: string): boolean => slot === 'card' || slot.startsWith('change-0');

/** When each message of an order was posted, after the plan was made; milliseconds. */
const after: Readonly<Record<string, number>> = {
  card: -8_700,
  'change-0': 1_100,
  'change-0-wait': 41_000,
  'change-0-end': 131_000,
  'change-0-undone': 1_035_000,
};

/** The card of the check and the messages of its order, as they stand at a stage of the order's life. */
function stageText(record: RunRecord, stage: Omit<Stage, 'title' | 'about'>): string {
  const { change, withCard = false } = stage;
  const run = { ...record, changes: [{ ...change, ...stepsOf(stage) }] };
  const messages = threadOf(run, place, { workers: 1, now: change.movedAt, terms: () => terms });
  const told = messages.filter(({ slot }) => isTold(slot));
  const text = standingText(
    told.map((message) => ({
      message,
      at: plannedAt + (after[message.slot] ?? 0),
      isEdited:
        message.slot === 'card' ||
        (message.slot === 'change-0' && change.state !== 'proposed') ||
        (message.slot.endsWith('-wait') && change.state !== 'requested'),
    })),
  );
  return withCard ? text : text.slice(Math.max(0, text.indexOf('  ↳ ')));
}

/** The window that the button of an offer opens. */
function reviewText(record: RunRecord, { change }: Pick<Stage, 'change'>): string {
  const view = reviewModal({ change, record, terms, purpose: 'request', privateMetadata: '' });
  return viewText(createWorld(labSeed()), { view: view as unknown as Json } as StoredView);
}

const part = ({ title, about }: Pick<Stage, 'title' | 'about'>, text: string): string =>
  `### ${title}\n\n${about}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;

const review = { title: 'Reviewed', about: 'The window that [Review…] opens: all that will be done, before anybody asks for it.' };

/** An order through its life, a picture for each stage, as markdown. */
export async function orderLife(): Promise<string> {
  const record = recordedRun(await readBundle(join(BUNDLES, 'corefile-forward-unreachable.json')), 'cluster-a');
  const [offered, ...others] = orders;
  if (offered === undefined) return '';
  const parts = [part(offered, stageText(record, offered)), part(review, reviewText(record, offered))];
  return [...parts, ...others.map((stage) => part(stage, stageText(record, stage)))].join('\n');
}
