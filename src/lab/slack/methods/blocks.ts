import { blockProblems, blocksWeight, SLACK_LIMITS, type SlackProblem, type Surface } from '../../../rules/slack-limits.ts';
import type { Lab } from '../lab.ts';
import { Refusal } from '../world/refusal.ts';
import type { Json } from '../world/world.ts';
import { asText, isObject, structure, type Args } from './arguments.ts';

/** The blocks of a message as they will stand there; null: none were given. Refuses what Slack refuses. */
export function messageBlocks(lab: Lab, args: Args): Json[] | null {
  const blocks = structure(args, 'blocks', 'invalid_blocks_format');
  if (blocks === undefined) return null;
  if (!Array.isArray(blocks)) throw new Refusal('invalid_blocks_format');
  const problems = problemsOf(lab, blocks, 'message');
  if (problems.length > 0) {
    const sentences = problems.map(pointed);
    const messages = sentences.map((sentence) => `[ERROR] ${sentence}`);
    throw new Refusal('invalid_blocks', { errors: sentences, response_metadata: { messages } });
  }
  if (blocksWeight(blocks) > SLACK_LIMITS.blocksWeight) throw new Refusal('msg_blocks_too_long');
  return blocks.length === 0 ? null : standing(lab, blocks as Json[]);
}

/** What is wrong with blocks, those included that this workspace is told not to know. */
export function problemsOf(lab: Lab, blocks: unknown[], where: Surface): SlackProblem[] {
  const refused = blocks.flatMap((block, index) => {
    const type = isObject(block) ? block['type'] : null;
    return lab.blocksRefused.includes(String(type)) ? [{ at: `/blocks/${index}/type`, says: `unsupported type: ${String(type)}` }] : [];
  });
  if (refused.length > 0) return refused;
  const problems = blockProblems(blocks, where);
  return problems.length > 0 ? problems : blocks.flatMap((block, index) => fileProblems(lab, block, index));
}

/** A picture from a file that Slack does not have, or has not looked at yet. */
function fileProblems(lab: Lab, block: unknown, index: number): SlackProblem[] {
  const file = isObject(block) && block['type'] === 'image' ? block['slack_file'] : undefined;
  if (!isObject(file) || lab.world.files.get(asText(file['id']))?.ready === true) return [];
  return [{ at: `/blocks/${index}/slack_file`, says: 'invalid slack file' }];
}

/** As Slack writes it: the sentence, and the pointer behind it. */
export const pointed = ({ at, says }: SlackProblem): string => `${says} [json-pointer:${at}]`;

/** Blocks do not stand as they were sent: Slack gives them ids and fills in what was left out. */
export function standing(lab: Lab, blocks: readonly Json[]): Json[] {
  return blocks.map((block) => ({ ...(filled(lab, block) as Json), block_id: block['block_id'] ?? lab.id(5) }));
}

function filled(lab: Lab, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => filled(lab, each));
  if (!isObject(value)) return value;
  const copy: Json = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(lab, each)]));
  if (copy['type'] === 'plain_text') copy['emoji'] ??= true;
  if (copy['type'] === 'mrkdwn') copy['verbatim'] ??= false;
  if (PRESSED.has(asText(copy['type']))) copy['action_id'] ??= lab.id(5);
  return copy;
}

const PRESSED = new Set(['button', 'overflow', 'static_select', 'multi_static_select', 'checkboxes', 'radio_buttons', 'plain_text_input']);
