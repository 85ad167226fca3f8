import { z } from 'zod';
import { CLASSES } from './lines.ts';

/** What a plan to log queries holds: the texts before and after, byte for byte, and all that it was planned on. */
export const QueryLogData = z.object({
  namespace: z.string(),
  configMap: z.string(),
  key: z.string(),
  before: z.string(),
  after: z.string(),
  /** SHA-512 that CoreDNS logs for them. */
  loadedBefore: z.string(),
  loadedAfter: z.string(),
  classes: z.enum(CLASSES),
  logged: z.array(z.object({ keys: z.array(z.string()) })),
  zones: z.array(z.string()),
  pods: z.object({ namespace: z.string(), selector: z.string() }),
  version: z.string().nullable(),
});
export type QueryLogData = z.infer<typeof QueryLogData>;
