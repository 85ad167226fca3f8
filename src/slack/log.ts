/** What a line of the log may carry. Never a token, a response_url, a trigger id or the body of a request. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where the room writes what happened to it. */
export interface SlackLog {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

const LONGEST = 300;

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:https?|wss?):\/\/\S+/g, 'URL'],
  [/\bx(?:ox[a-z]|app|wfp)-[\w-]+/g, 'TOKEN'],
  [/\b\d+\.\d+\.[0-9a-f]{16,}\b/g, 'TRIGGER'],
];

/** A text that may go into the log: without addresses (a response_url is one), tokens and trigger ids, and not long. */
export const loggable = (text: string): string =>
  SECRETS.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text.slice(0, 4 * LONGEST)).slice(0, LONGEST);

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
const word = (value: unknown): string | undefined => (typeof value === 'string' ? loggable(value) : undefined);

/** What Slack answered instead of `ok`, such as `channel_not_found`; null for an error that is not Slack's answer. */
export function slackError(error: unknown): string | null {
  const said = property(property(error, 'data'), 'error');
  return typeof said === 'string' ? said : null;
}

/** What the log is told of an error: named fields of it and no others, since errors of web clients carry requests. */
export const errorFields = (error: unknown): LogFields => ({
  name: word(property(error, 'name')),
  code: word(property(error, 'code')),
  slack: word(slackError(error) ?? undefined),
  status: typeof property(error, 'statusCode') === 'number' ? Number(property(error, 'statusCode')) : undefined,
  error: word(property(error, 'message')),
});
