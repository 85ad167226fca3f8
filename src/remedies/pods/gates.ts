import { z } from 'zod';
import { Question } from './ask-pod.ts';

/** What must hold before a pod of a workload goes, and before the next one does: what `replacePods` was planned on. */
export const PodGates = z.object({
  workload: z.object({
    kind: z.enum(['Deployment', 'DaemonSet']),
    namespace: z.string(),
    name: z.string(),
    /** `metadata.generation`: counts the changes of its spec. */
    generation: z.number(),
  }),
  /** Label selector of its pods. */
  selector: z.string().min(1),
  service: z.object({ namespace: z.string(), name: z.string() }),
  dnsPort: z.number().int().min(1).max(65_535),
  corefile: z.object({
    namespace: z.string(),
    configMap: z.string(),
    key: z.string(),
    /** SHA-512 of its text. */
    sha512: z.string(),
  }),
  /** Uids of all pods there were; others are new. */
  known: z.array(z.string()),
  /** Uids of those that were ready. */
  ready: z.array(z.string()),
  /** How many there were to serve. */
  count: z.number().int().min(1),
  /**
   * The labels by which the Service picks its pods: a pod is put aside by changing them, before it goes. Empty: that cannot be done here, so pods are
   * evicted at once.
   */
  aside: z.record(z.string(), z.string()),
  /** How long a pod that ends goes on answering. */
  lameduckMs: z.number().min(0),
  /** How long the kubelet lets a pod end. */
  graceMs: z.number().min(0),
  /** Nodes to ask from, best first. */
  places: z.array(z.string()).min(1),
  /** What a pod must answer: what one of them answered when it was planned. */
  questions: z.array(Question).min(1),
});
export type PodGates = z.infer<typeof PodGates>;
