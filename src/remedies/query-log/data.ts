import { z } from 'zod';
import { PlannedPod } from '../../domain/plan.ts';
import { PodGates } from '../pods/gates.ts';
import { CLASSES, Inserted, Logged } from './lines.ts';

/** What a plan to log queries holds: the texts before and after, byte for byte, and all that it was planned on. */
export const QueryLogData = z.object({
  namespace: z.string(),
  configMap: z.string(),
  key: z.string(),
  before: z.string(),
  after: z.string(),
  /** SHA-512 that CoreDNS logs for them; null: it depends on what only the pod knows. */
  loadedBefore: z.string().nullable(),
  loadedAfter: z.string().nullable(),
  classes: z.enum(CLASSES),
  logged: z.array(Logged),
  inserted: z.array(Inserted),
  zones: z.array(z.string()),
  pods: z.object({ namespace: z.string(), selector: z.string() }),
  /** Pods that do not reload by themselves, and what must hold while they are replaced; null: they reload. */
  replace: z.object({ pods: z.array(PlannedPod).min(1), gates: PodGates }).nullable(),
});
export type QueryLogData = z.infer<typeof QueryLogData>;
