import type { Grant } from './rbac-yaml.ts';

/** The answer about one right. `allowed` null: it could not be asked. */
export interface RightAnswer extends Grant {
  /** A check is as good without it. */
  optional: boolean;
  /** Needed only when a pod is named, and none was. */
  onlyWithPod: boolean;
  allowed: boolean | null;
  message: string | null;
  /** The readings that need it. */
  readings: string[];
}

/** What happens to the checks when a reading cannot be had: those that say nothing, and those that see less. */
export interface ReadingLoss {
  reading: string;
  unknown: string[];
  poorer: string[];
}

/** What `doctor` finds out: `--json` prints it as it is. */
export interface DoctorReport {
  schema: 'dns-medic/doctor/v1';
  cluster: string;
  /** As the API server names the one who asks; null when it does not say. */
  user: string | null;
  rights: RightAnswer[];
  losses: ReadingLoss[];
  probeNamespace: { name: string; there: boolean | null };
  /** Null when none was to be started. */
  probe: { ok: boolean; node: string | null; durationMs: number; message: string | null; allow: string | null } | null;
  /** RBAC that gives what is missing; empty when nothing is. */
  rbac: string;
}

/** Rights that a run needs and does not have. */
export const missingRights = ({ rights }: Pick<DoctorReport, 'rights'>): RightAnswer[] =>
  rights.filter(({ allowed, optional, onlyWithPod }) => allowed === false && !optional && !onlyWithPod);

/** Whether nothing is missing, something is, or it could not be told. */
export function doctorStatus(report: DoctorReport): 'well' | 'missing' | 'unknown' {
  if (missingRights(report).length > 0 || report.probe?.ok === false) return 'missing';
  return report.rights.some(({ allowed, optional, onlyWithPod }) => allowed === null && !optional && !onlyWithPod) ? 'unknown' : 'well';
}
