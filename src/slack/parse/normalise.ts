/** A message's text is never longer; more is not read. Characters. */
export const LONGEST_TEXT = 4_000;

const HIDDEN = /[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g;
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const BLANK = /[\u0000-\u0020\u007F-\u009F\s]+/g;
const ENTITY = /&(?:amp;)*(lt|gt|amp);/g;
const BRACKETS = /<([^<>|]*)(?:\|([^<>]*))?>/g;

const CHARACTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };

/** What a person typed where Slack put `<target|label>`: a mention or a link that it made itself. */
function typed(target: string, label: string | undefined): string {
  const said = label?.replaceAll('|', ' ').trim();
  if (target.startsWith('@')) return `@${said || target.slice(1)}`;
  if (target.startsWith('#')) return `#${said || target.slice(1)}`;
  if (target.startsWith('!')) return said || `@${target.slice(1)}`;
  return said || target;
}

/** Macs make `—` of `--`; what stands within a word was a dash that only looks long. */
const plainDashes = (text: string): string =>
  text
    .replace(/[\u2010\u2011]/g, '-')
    .replace(/(^| )[\u2012-\u2015\u2212]/g, '$1--')
    .replace(/[\u2012-\u2015\u2212]/g, '-');

const plainQuotes = (text: string): string =>
  text.replace(/[\u2018-\u201B\u2032]/g, "'").replace(/[\u201C-\u201F\u2033\u00AB\u00BB]/g, '"');

const unwrapOnce = (text: string): string =>
  text
    .replace(ENTITY, (_all, name: string) => CHARACTERS[name] ?? '')
    .replace(BRACKETS, (_all, target: string, label: string | undefined) => ` ${typed(target, label)} `)
    .replace(BLANK, ' ')
    .trim();

/** Round after round, until there is nothing to take off: each takes off an escape or a bracket at least. */
function unwrap(text: string): string {
  let before = text;
  let after = unwrapOnce(before);
  while (after !== before) [before, after] = [after, unwrapOnce(after)];
  return after;
}

/**
 * What a person typed, in plain characters: without Slack's escapes, links and mentions (`<http://x|x>` is `x`), smart quotes and dashes,
 * hidden and control characters; words apart by one space. Doing it twice changes nothing more.
 */
export function normalise(text: string): string {
  const plain = plainQuotes(plainDashes(text.replace(HIDDEN, '').replace(BLANK, ' ')));
  return unwrap(plain.trim()).replace(/[<>|]/g, ' ').replace(BLANK, ' ').trim();
}
