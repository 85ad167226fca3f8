import { blockRule } from './slack-limits/blocks.ts';
import { SLACK_LIMITS } from './slack-limits/limits.ts';
import {
  all,
  anything,
  asJson,
  boolean,
  count,
  isBag,
  list,
  object,
  oneOf,
  string,
  under,
  type Report,
  type Rule,
  type Surface,
} from './slack-limits/shape.ts';
import { plainText } from './slack-limits/texts.ts';
import { blocksWeight, markdownText, planOrTasks, sameIds, tableText, withChildren } from './slack-limits/together.ts';

export { SLACK_LIMITS } from './slack-limits/limits.ts';
export { blocksWeight } from './slack-limits/together.ts';
export type { Surface } from './slack-limits/shape.ts';

/** What is wrong, and the JSON pointer to it. */
export interface SlackProblem {
  at: string;
  says: string;
}

/** A payload can be wrong in as many places as it likes; this many are told. */
const MOST_PROBLEMS = 50;

/**
 * What Slack would refuse in a message (or in the text and blocks of a view), as sentences with a JSON pointer: `/blocks/3/text/text: 3,214
 * characters; a section has at most 3,000`. Empty: it can be sent. Takes anything and never throws.
 */
export function slackProblems(message: { text?: unknown; blocks?: unknown }, where: Surface = 'message'): string[] {
  const { text, blocks } = message;
  const none = (text === undefined || text === '') && (blocks === undefined || (Array.isArray(blocks) && blocks.length === 0));
  if (none) return [': has neither text nor blocks'];
  const problems: SlackProblem[] = [];
  if (text !== undefined) {
    string(SLACK_LIMITS.text, 'a message', 0)(text, '/text', (at, says) => problems.push({ at, says }));
  }
  if (blocks !== undefined) problems.push(...blockProblems(blocks, where), ...weightProblems(blocks, where));
  return problems.map(sentence);
}

/** What Slack would refuse in the blocks of a message or view, each for itself: their weight together is another question. */
export function blockProblems(blocks: unknown, where: Surface): SlackProblem[] {
  return collected((report) => {
    list(blockRule(where), SLACK_LIMITS.blocks[where], `a ${where}`, 0)(blocks, '/blocks', report);
    if (!Array.isArray(blocks)) return;
    const found = withChildren(blocks.slice(0, SLACK_LIMITS.blocks[where]), '/blocks');
    for (const check of [sameIds, planOrTasks, tableText, markdownText]) check(found, report);
  });
}

function weightProblems(blocks: unknown, where: Surface): SlackProblem[] {
  const weight = Array.isArray(blocks) && where === 'message' ? blocksWeight(blocks) : 0;
  return weight > SLACK_LIMITS.blocksWeight ? [{ at: '/blocks', says: tooHeavy(weight) }] : [];
}

const tooHeavy = (weight: number): string =>
  `${count(weight)} characters in all blocks, ${SLACK_LIMITS.blockOverhead} for each block counted in; a message has at most ${count(SLACK_LIMITS.blocksWeight)}`;

const words = (what: string): Rule => plainText(SLACK_LIMITS.viewTitle, what);

const COMMON = {
  private_metadata: string(SLACK_LIMITS.privateMetadata, 'private_metadata', 0),
  callback_id: string(SLACK_LIMITS.id, 'a callback_id', 0),
  external_id: string(SLACK_LIMITS.id, 'an external_id', 0),
};

const modal = object(
  { type: anything, title: words('the title of a modal'), blocks: anything },
  {
    ...COMMON,
    submit: words('a button of a modal'),
    close: words('a button of a modal'),
    clear_on_close: boolean,
    notify_on_close: boolean,
  },
);

const home = object({ type: anything, blocks: anything }, COMMON);

const needsSubmit: Rule = (view, at, report) => {
  if (!isBag(view) || !Array.isArray(view['blocks']) || view['submit'] !== undefined) return;
  if (view['blocks'].some((block) => isBag(block) && block['type'] === 'input'))
    report(under(at, 'submit'), 'a modal with an input block needs it');
};

/** What Slack would refuse in a view: a modal, or the Home tab. Takes anything and never throws. */
export function viewProblems(view: unknown): string[] {
  return findViewProblems(view).map(sentence);
}

/** As `viewProblems`, for those who need the pointers by themselves. */
export function findViewProblems(view: unknown): SlackProblem[] {
  const type = isBag(view) ? view['type'] : undefined;
  const shape = collected((report) => {
    const rule = type === 'modal' ? all(modal, needsSubmit) : type === 'home' ? home : object({ type: oneOf('modal', 'home') });
    rule(view, '', report);
    const bytes = jsonBytes(view);
    if (bytes === 0) report('', 'cannot be written as JSON');
    if (bytes > SLACK_LIMITS.viewBytes) report('', `${count(bytes)} bytes; a view has at most ${count(SLACK_LIMITS.viewBytes)}`);
  });
  return type === 'modal' || type === 'home' ? [...shape, ...blockProblems((view as { blocks?: unknown }).blocks, type)] : shape;
}

function collected(look: (report: Report) => void): SlackProblem[] {
  const problems: SlackProblem[] = [];
  look((at, says) => problems.push({ at, says }));
  const more = problems.length - MOST_PROBLEMS;
  return more > 0 ? [...problems.slice(0, MOST_PROBLEMS), { at: '', says: `${count(more)} more problems` }] : problems;
}

const sentence = ({ at, says }: SlackProblem): string => `${at}: ${says}`;

function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(asJson(value)).length;
}
