import type { Message } from '../../../src/report/slack/message.ts';
import { slackProblems } from '../../../src/rules/slack-limits.ts';

const tokens =
  /<@[UW][A-Z0-9]+>|<#[CGD][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>|<!date\^\d+\^[{}a-z_ ]+\|[-0-9: ]+UTC>|<https?:\/\/[^\s<>|]+\|[^<>|]+>/g;
const hidden =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd\u{e0000}-\u{e007f}]/u;

/** Text that Slack reads as markup: what is in it besides our tokens must be escaped. */
export function markupFaults(text: string): string[] {
  const rest = text.replace(tokens, '');
  return [
    ...(/[<>]/.test(rest) ? [`not escaped: ${/.{0,40}[<>].{0,40}/s.exec(rest)?.[0]}`] : []),
    ...(/&(?!amp;|lt;|gt;)/.test(rest) ? [`not an entity: ${/.{0,20}&.{0,20}/s.exec(rest)?.[0]}`] : []),
  ];
}

/** Every text in a value, with the kind of the object that it is in. */
function textsIn(value: unknown): { type: string; text: string; verbatim: unknown; emoji: unknown }[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text, verbatim, emoji } = value as Record<string, unknown>;
  const own = typeof text === 'string' ? [{ type: String(type), text, verbatim, emoji }] : [];
  return [...own, ...Object.values(value).flatMap(textsIn)];
}

/** What is wrong with blocks besides Slack's limits. */
export function blockFaults(blocks: readonly unknown[]): string[] {
  const texts = textsIn(blocks);
  const mrkdwn = texts.filter(({ type }) => type === 'mrkdwn');
  return [
    ...mrkdwn.flatMap(({ text }) => markupFaults(text)),
    ...mrkdwn.filter(({ verbatim }) => verbatim !== true).map(({ text }) => `not verbatim: ${text}`),
    ...mrkdwn.filter(({ text }) => text.split('`').length % 2 === 0).map(({ text }) => `a code span is left open: ${text}`),
    ...texts.filter(({ type, emoji }) => type === 'plain_text' && emoji !== false).map(({ text }) => `emoji: ${text}`),
    ...texts.filter(({ text }) => hidden.test(text)).map(({ text }) => `hidden: ${JSON.stringify(text)}`),
    ...texts.filter(({ text }) => !text.isWellFormed()).map(({ text }) => `half a character: ${JSON.stringify(text)}`),
  ];
}

/** What is wrong with a message: nothing may be. */
export function faultsOf({ text, blocks, plain }: Message): string[] {
  return [
    ...slackProblems({ text, blocks }),
    ...(plain === null ? [] : slackProblems({ text, blocks: plain }).map((problem) => `plain ${problem}`)),
    ...blockFaults(blocks),
    ...blockFaults(plain ?? []),
    ...markupFaults(text),
    ...(text.length > 3500 ? [`text: ${text.length} characters`] : []),
    ...(text.trim() === '' ? ['text: says nothing'] : []),
    ...(hidden.test(text) ? [`text: hidden characters`] : []),
    ...(blocks.length === 0 ? ['no blocks'] : []),
  ];
}
