import { escaped, few } from './escape.ts';

/** A line in two forms: with Slack's markup, and without it for `text`. Both are escaped: made only by the functions here. */
export interface Words {
  mrkdwn: string;
  text: string;
}

/** Our own words with others between them. What is not `Words` does not fit in: somebody else's text goes through `name`. */
export function words(strings: TemplateStringsArray, ...values: readonly (Words | number)[]): Words {
  const form = (key: keyof Words): string =>
    strings
      .map((own, index) => {
        const value = values[index];
        return `${own}${value === undefined ? '' : typeof value === 'number' ? value : value[key]}`;
      })
      .join('');
  return { mrkdwn: form('mrkdwn'), text: form('text') };
}

/** Our own text, as it is. Never somebody else's. */
export const ours = (text: string): Words => ({ mrkdwn: text, text });

export const nothing: Words = ours('');

export const bold = ({ mrkdwn, text }: Words): Words => ({ mrkdwn: `*${mrkdwn}*`, text });

/** Somebody else's short text (a cluster, a pod, a code): in a code span, where Slack formats nothing. At most `max` characters. */
export function name(text: string, max = 160): Words {
  const said = escaped(text.replaceAll('`', "'"), max) || '?';
  return { mrkdwn: `\`${said}\``, text: said };
}

/** Lines or parts joined; empty ones are left out. */
export function joined(parts: readonly Words[], separator: string): Words {
  const said = parts.filter(({ text }) => text !== '');
  return { mrkdwn: said.map(({ mrkdwn }) => mrkdwn).join(separator), text: said.map(({ text }) => text).join(separator) };
}

/** A list: `a, b and 3 more`. */
export function listed(items: readonly Words[], most: number): Words {
  const { shown, more } = few(items, most);
  const list = joined(shown, ', ');
  return more === 0 ? list : words`${list} and ${more} more`;
}

const isUser = (id: string): boolean => /^[UW][A-Z0-9]{1,30}$/.test(id);
const isGroup = (id: string): boolean => /^S[A-Z0-9]{1,30}$/.test(id);
const isChannel = (id: string): boolean => /^[CGD][A-Z0-9]{1,30}$/.test(id);

/** A user by id. Slack shows the name, and tells the person where the message is posted for all; what is no user id is only shown. */
export const user = (id: string): Words => (isUser(id) ? ours(`<@${id}>`) : name(id));
export const group = (id: string): Words => (isGroup(id) ? ours(`<!subteam^${id}>`) : name(id));
/** A channel by id; nobody is told. */
export const channel = (id: string): Words => (isChannel(id) ? ours(`<#${id}>`) : name(id));

/** The last second that is sure to be taken. */
const seconds = (ms: number): number => Math.floor(Math.min(Math.max(ms, 0), 9e13) / 1000);

/** A time in the reader's own zone (Slack's `format`), and in UTC where it cannot be shown so. */
function time(ms: number, format: string, utc: string): Words {
  return { mrkdwn: `<!date^${seconds(ms)}^${format}|${utc}>`, text: utc };
}

const iso = (ms: number): string => new Date(seconds(ms) * 1000).toISOString();

/** A time of day. Milliseconds since 1970. */
export const timeOf = (ms: number): Words => time(ms, '{time_secs}', `${iso(ms).slice(11, 19)} UTC`);

/** A day and a time. */
export const dayOf = (ms: number): Words =>
  time(ms, '{date_short_pretty} {time_secs}', `${iso(ms).slice(0, 10)} ${iso(ms).slice(11, 19)} UTC`);

/** A link to a page of Slack; only its label where the address is not one. */
export function link(url: string, label: string): Words {
  const said = escaped(label, 100).replaceAll('|', '/');
  return /^https?:\/\/[\w.:/?&=%#@~-]{1,500}$/.test(url) ? ours(`<${url.replaceAll('&', '&amp;')}|${said}>`) : ours(said);
}
