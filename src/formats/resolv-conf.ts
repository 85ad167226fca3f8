import type { ResolvConf } from '../domain/pod.ts';
import { cleanLine, lines } from './clean-text.ts';

const mostText = 65_536;
const mostWords = 100;

/**
 * Reads a resolv.conf as glibc does: a keyword counts only at the very start of a line and before a blank; `#` or `;` there begins a comment; of several
 * `search` and `domain` lines the last wins, an empty one is passed over; options add up and the last `ndots` wins. Unlike glibc it keeps more
 * than three nameservers, so that a check can say so.
 */
export function parseResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = { nameservers: [], search: [], ndots: 1, options: [], unknown: [] };
  for (const raw of lines(text.slice(0, mostText))) {
    const line = cleanLine(raw);
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (!take(conf, line) && conf.unknown.length < 20) conf.unknown.push(line.slice(0, 200));
  }
  conf.ndots = ndotsOf(conf.options);
  return conf;
}

function take(conf: ResolvConf, line: string): boolean {
  const [keyword, ...words] = line.split(/ +/, mostWords + 1);
  const [first] = words;
  if (keyword === 'nameserver' && first !== undefined) conf.nameservers.push(first);
  else if (keyword === 'search') conf.search = words.length > 0 ? words : conf.search;
  else if (keyword === 'domain') conf.search = first === undefined ? conf.search : [first];
  else if (keyword === 'options') conf.options.push(...beforeComment(words));
  else return keyword === 'sortlist';
  return true;
}

function beforeComment(words: string[]): string[] {
  const comment = words.findIndex((word) => /^[#;]/.test(word));
  return comment === -1 ? words : words.slice(0, comment);
}

/** glibc reads the number as atoi does: what is none is 0. */
function ndotsOf(options: string[]): number {
  const last = options.findLast((option) => option.startsWith('ndots:'));
  if (last === undefined) return 1;
  const value = Number.parseInt(last.slice('ndots:'.length), 10);
  return Number.isNaN(value) ? 0 : value;
}
