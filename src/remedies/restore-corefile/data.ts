import { z } from 'zod';
import { PlannedPod } from '../../domain/plan.ts';
import { PodGates } from '../pods/gates.ts';

/**
 * Which text is put into the ConfigMap. `history`: the newest that worked and does not stand there;
 * `newest`: the same, but nothing where the newest that worked is the one that stands there; `running`: the one that the ready pods still run; `mended`: the present one
 * with what is surely wrong put right; `default`: that of EKS. `auto`: the first of these that there is, the last only in a cluster of EKS.
 */
export const Source = z.enum(['auto', 'history', 'newest', 'running', 'mended', 'default', 'without-log']);
export type Source = z.infer<typeof Source>;

/** What is known of a text. */
const Text = z.object({
  text: z.string(),
  /** The SHA-512 that CoreDNS logs for it; null: it cannot be known outside of the pod, or CoreDNS would not start with it. */
  running: z.string().nullable(),
  /** Pods that run it take later edits over by themselves. */
  reloads: z.boolean(),
});

/** What `restore-corefile` was planned on. */
export const RestoreData = z.object({
  namespace: z.string(),
  configMap: z.string(),
  key: z.string(),
  /** What stands there; null: the ConfigMap or its key is gone. */
  before: Text.nullable(),
  after: Text,
  /** The CoreDNS pods, by label; null: there is no workload that could be read. */
  pods: z.object({ namespace: z.string(), selector: z.string().min(1) }).nullable(),
  /** Pods that serve nobody: they are evicted, so that they start anew at once. */
  failing: z.array(PlannedPod),
  /** Pods that will not reload by themselves, and what must hold while they are replaced; null: they reload, or it cannot be done safely. */
  replace: z.object({ pods: z.array(PlannedPod).min(1), gates: PodGates }).nullable(),
});
export type RestoreData = z.infer<typeof RestoreData>;
