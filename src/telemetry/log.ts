import { pino } from 'pino';

/** What a line of a log may carry. Never a token, a response_url or the body of a request. */
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Lines of JSON, one for each thing that happened. */
export interface Log {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
}

/** What looks like a secret, wherever it stands in a text: Slack's tokens and hooks, bearer tokens, passwords in URLs. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\bx(?:ox[a-z]|app|wfp)-[\w-]+/g, 'xox…'],
  [/https:\/\/hooks\.slack\.com\/[^\s"']+/g, 'https://hooks.slack.com/…'],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]+/gi, '$1 …'],
  [/(\b[a-z][a-z+.-]*:\/\/)[^\s/@"']*@/gi, '$1…@'],
];

const longest = 2_000;

/** A text without what looks like a secret, and without the end of a very long one. */
export const withoutSecrets = (text: string): string =>
  secrets.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text.slice(0, longest));

/** An error in a line: its name and message, without secrets. */
export const errorText = (error: unknown): string =>
  withoutSecrets(error instanceof Error ? `${error.name}: ${error.message}` : String(error));

const cleaned = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? withoutSecrets(value) : value]));

/** A log that writes lines of JSON. `write` is given each line. */
export function createLog(level: string, base: Fields, write: (line: string) => void): Log {
  const logger = pino(
    { level, base: cleaned(base), timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    { write },
  );
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: Fields, message: string): void =>
      logger[name](cleaned(fields), withoutSecrets(message));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
