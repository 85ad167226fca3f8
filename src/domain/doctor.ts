import { z } from 'zod';

/** The answer about one right. `allowed` null: it could not be asked. `namespace` null: in the whole cluster. */
export const RightAnswer = z.object({
  group: z.string(),
  resource: z.string(),
  verb: z.string(),
  namespace: z.string().nullable(),
  /** Only for objects of these names; left out: for all. */
  names: z.array(z.string()).optional(),
  /** A check is as good without it. */
  optional: z.boolean(),
  /** Needed only when a pod is named, and none was. */
  onlyWithPod: z.boolean(),
  allowed: z.boolean().nullable(),
  message: z.string().nullable(),
  /** The readings that need it. */
  readings: z.array(z.string()),
});
export type RightAnswer = z.infer<typeof RightAnswer>;

/** What happens to the checks when a reading cannot be had: those that say nothing, and those that see less. */
export const ReadingLoss = z.object({ reading: z.string(), unknown: z.array(z.string()), poorer: z.array(z.string()) });
export type ReadingLoss = z.infer<typeof ReadingLoss>;

/** A remedy, and the rights that it lacks here; none: it can be carried out. `unclear`: not all could be asked for. */
export const RemedyRights = z.object({ remedy: z.string(), title: z.string(), lacks: z.array(RightAnswer), unclear: z.boolean() });
export type RemedyRights = z.infer<typeof RemedyRights>;

/** What `doctor` finds out: `--json` prints it as it is. */
export const DoctorReport = z.object({
  schema: z.literal('dns-medic/doctor/v1'),
  cluster: z.string(),
  /** As the API server names the one who asks; null when it does not say. */
  user: z.string().nullable(),
  rights: z.array(RightAnswer),
  losses: z.array(ReadingLoss),
  probeNamespace: z.object({ name: z.string(), there: z.boolean().nullable() }),
  /** Null when none was to be started. */
  probe: z
    .object({
      ok: z.boolean(),
      node: z.string().nullable(),
      durationMs: z.number(),
      message: z.string().nullable(),
      allow: z.string().nullable(),
    })
    .nullable(),
  /** RBAC that gives what is missing; empty when nothing is. */
  rbac: z.string(),
  /** What could be changed here. A worker that only reads is well: what is lacking here is not missing. */
  remedies: z.array(RemedyRights).optional(),
  /** RBAC that gives what the remedies lack; empty when nothing is. */
  remedyRbac: z.string().optional(),
});
export type DoctorReport = z.infer<typeof DoctorReport>;
