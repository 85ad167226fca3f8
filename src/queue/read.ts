import type { z } from 'zod';

/** The value that a text holds by this schema; null when it does not. */
export function read<T>(schema: z.ZodType<T>, text: string | null | undefined): T | null {
  if (text === null || text === undefined) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
