import type { Message } from '../../report/slack/message.ts';
import { slackProblems } from '../../rules/slack-limits.ts';

/** What Slack is told when it takes no block of ours: the text alone says the whole thing. */
const textOnly = ({ text }: Message): Message => ({ text: text.slice(0, 3_900), blocks: [], plain: null });

/**
 * The ways to say a message, best first: as it is, with plain blocks, as text. Those that break a limit of Slack are left out (`onInvalid` is
 * told: it is a defect of ours), so that a message that is too long is said shorter and not lost.
 */
export function variantsOf(message: Message, richRefused: boolean, onInvalid: (problems: readonly string[]) => void): Message[] {
  const plain = message.plain === null ? null : { ...message, blocks: message.plain, plain: null };
  const wanted = richRefused && plain !== null ? [plain] : [message, ...(plain === null ? [] : [plain])];
  const valid = wanted.filter((variant) => {
    const problems = slackProblems({ text: variant.text, blocks: variant.blocks }, 'message');
    if (problems.length > 0) onInvalid(problems);
    return problems.length === 0;
  });
  return [...valid, textOnly(message)];
}
