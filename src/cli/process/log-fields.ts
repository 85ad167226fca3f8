import { errorText, type Fields } from '../../telemetry/log.ts';

const plain = (value: unknown): Fields[string] => {
  if (value instanceof Error) return errorText(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return value;
  return JSON.stringify(value);
};

/** Fields that a line of the log can hold: errors by name and message, all else that is no plain value as JSON. */
export const fieldsOf = (fields: Readonly<Record<string, unknown>>): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plain(value)]));
