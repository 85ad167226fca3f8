import { z } from 'zod';

/** Why a collector could not give its fact. `missing`: the object is not there. `error`: anything else, said in the message. */
export const FailureReason = z.enum(['forbidden', 'timeout', 'missing', 'error', 'skipped']);
export type FailureReason = z.infer<typeof FailureReason>;

/** One RBAC permission. `group` is '' for the core group; `resource` may carry a subresource (`pods/log`). */
export const Permission = z.object({
  group: z.string(),
  resource: z.string(),
  verb: z.enum(['get', 'list', 'watch', 'create', 'delete', 'patch', 'update', 'bind']),
  /**
   * `cluster`: everywhere; else the namespace it is needed in: `dns` (CoreDNS' own), `system` (kube-system, where kube-proxy and the CNI live),
   * `probe` (the probe pods'), `capture` (where packets are captured from), `pod` (the named pod's, or that of the workload that a remedy changes).
   */
  scope: z.enum(['cluster', 'dns', 'system', 'probe', 'capture', 'pod']),
  /** The run is as good without it; left out of the default role because it is a strong right. */
  optional: z.boolean().optional(),
  /** Only objects of these names (RBAC cannot bound `create` and `list` by names). */
  names: z.array(z.string()).optional(),
});
export type Permission = z.infer<typeof Permission>;

/** A fact that was looked up, or the reason why it could not be. A failure is data: it never throws. Durations are in milliseconds. */
export type Reading<T> =
  | { id: string; status: 'ok'; data: T; durationMs: number }
  | { id: string; status: 'failed'; reason: FailureReason; message: string; durationMs: number; allow?: string | undefined };

/** The envelope of a reading; its data is validated by the schema of its id. `allow` is the RBAC rule that would permit the read. */
export const AnyReading = z.union([
  z.object({ id: z.string(), status: z.literal('ok'), data: z.unknown(), durationMs: z.number() }),
  z.object({
    id: z.string(),
    status: z.literal('failed'),
    reason: FailureReason,
    message: z.string(),
    durationMs: z.number(),
    allow: z.string().optional(),
  }),
]);
