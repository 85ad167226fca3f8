/** What somebody types at the demo's prompt. Anything that is none of its own words is a slash command. */
export type Typed =
  | { kind: 'nothing' | 'help' | 'home' | 'threads' | 'logs' | 'quit' }
  | { kind: 'as'; who: string; what: Typed }
  | { kind: 'in'; channel: string }
  | { kind: 'thread'; number: number }
  | { kind: 'press'; label: string }
  | { kind: 'say'; text: string }
  | { kind: 'mention'; text: string }
  | { kind: 'command'; command: string; text: string };

export const PROMPT_HELP = [
  'check cluster-b              types /dns check cluster-b; so does every other line that is none of these',
  '/dns help                    what the bot can do; /dns clusters, /dns status, /dns history cluster-a, /dns doctor cluster-a',
  '@dns-medic check cluster-b   mentions the bot in the last thread',
  'as cat check cluster-a       does it as cat, who may not; as ben: is ben from now on',
  'in war-room                  goes to another channel',
  'press Cancel                 presses the last button of that name',
  'say WORDS                    writes a message',
  "home                         the app's Home tab",
  'threads, thread 1            all threads, and one of them as it stands',
  'logs                         the last lines of the bot and the worker',
  'quit                         (or Ctrl-C) ends all',
];

const split = (line: string): [string, string] => {
  const [, word = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
  return [word, rest];
};

const BARE: Readonly<Record<string, 'help' | 'home' | 'threads' | 'logs' | 'quit'>> = {
  help: 'help',
  '?': 'help',
  home: 'home',
  threads: 'threads',
  logs: 'logs',
  quit: 'quit',
  exit: 'quit',
};

const WITH_MORE: Readonly<Record<string, (rest: string) => Typed | null>> = {
  as: (rest) => {
    const [who, what] = split(rest);
    return { kind: 'as', who: who.replace(/^@/, ''), what: readLine(what) };
  },
  in: (rest) => ({ kind: 'in', channel: rest.replace(/^#/, '') }),
  thread: (rest) => (/^\d{1,4}$/.test(rest) ? { kind: 'thread', number: Number(rest) } : null),
  press: (label) => ({ kind: 'press', label }),
  say: (text) => ({ kind: 'say', text }),
};

/** Reads a line. */
export function readLine(line: string): Typed {
  const words = line.trim();
  if (words === '') return { kind: 'nothing' };
  const [word, rest] = split(words);
  const bare = rest === '' && Object.hasOwn(BARE, word) ? BARE[word] : undefined;
  if (bare !== undefined) return { kind: bare };
  const more = rest !== '' && Object.hasOwn(WITH_MORE, word) ? WITH_MORE[word]?.(rest) : null;
  if (more !== null && more !== undefined) return more;
  if (word === '@dns-medic') return { kind: 'mention', text: rest };
  return word.startsWith('/') ? { kind: 'command', command: word, text: rest } : { kind: 'command', command: '/dns', text: words };
}
