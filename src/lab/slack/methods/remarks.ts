import { SLACK_LIMITS } from '../../../rules/slack-limits.ts';
import { remark, type Json, type World } from '../world/world.ts';
import { asText, isObject, text, type Args } from './arguments.ts';

/** Notes what Slack lets pass in a message, and what yet should not be there. */
export function remarkOn(world: World, method: string, args: Args, blocks: readonly Json[] | null): void {
  const words = text(args, 'text') ?? '';
  const say = (sentence: string): void => remark(world, `${method}: ${sentence}`);
  if (words === '') say('no text beside the blocks, which is all that phones and screen readers get');
  if (words.length > SLACK_LIMITS.text) say(`a text of more than ${SLACK_LIMITS.text} characters`);
  if (PING.test(words)) say('a text that pings everyone');
  for (const part of parts(blocks ?? [])) {
    const pings = part['type'] === 'mrkdwn' && PING.test(asText(part['text']));
    if (part['type'] === 'broadcast' || pings) say('blocks that ping everyone');
    if (part['type'] === 'mrkdwn' && part['verbatim'] !== true) say('mrkdwn without verbatim: names and addresses in it become links');
  }
  if (args['link_names'] === 'true' || args['link_names'] === true) say('link_names makes mentions of names');
  if (method === 'chat.update' && text(args, 'parse') !== 'none') say('parse is not none, as it would be for a new message');
  if (method === 'chat.postMessage' && asText(args['unfurl_links'] ?? 'true') !== 'false') say('unfurl_links is not false');
}

const PING = /<!(?:channel|here|everyone)\b/;

function parts(blocks: readonly unknown[]): Json[] {
  return blocks.flatMap((value): Json[] => {
    if (Array.isArray(value)) return parts(value);
    return isObject(value) ? [value, ...parts(Object.values(value))] : [];
  });
}
