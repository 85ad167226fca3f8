import { z } from 'zod';
import { RemedyWish } from './plan.ts';

/** What a person asked to have checked. */
export const CheckRequest = z.object({
  cluster: z.string(),
  /** NS/NAME of a pod or of a workload. */
  pod: z.string().nullable(),
  node: z.string().nullable(),
  /** Names of the complaint, as written. */
  names: z.array(z.string()),
  quick: z.boolean(),
  probePods: z.boolean(),
  /** An ephemeral container may be added to the named pod when it has no tools (it stays in the pod's spec until the pod is deleted). */
  ephemeral: z.boolean(),
  timeoutMs: z.number(),
  /** A remedy that somebody asked for by name: it is planned besides what the check proposes. */
  remedy: RemedyWish.optional(),
  /** Why, as they wrote it with that: the review of the order begins with it. */
  reason: z.string().optional(),
});
export type CheckRequest = z.infer<typeof CheckRequest>;
