import type { DoctorReport, RightAnswer } from '../domain/doctor.ts';

export type { DoctorReport, ReadingLoss, RemedyRights, RightAnswer } from '../domain/doctor.ts';

/** Rights that a run needs and does not have. */
export const missingRights = ({ rights }: Pick<DoctorReport, 'rights'>): RightAnswer[] =>
  rights.filter(({ allowed, optional, onlyWithPod }) => allowed === false && !optional && !onlyWithPod);

/** Whether nothing is missing, something is, or it could not be told. */
export function doctorStatus(report: DoctorReport): 'well' | 'missing' | 'unknown' {
  if (missingRights(report).length > 0 || report.probe?.ok === false) return 'missing';
  return report.rights.some(({ allowed, optional, onlyWithPod }) => allowed === null && !optional && !onlyWithPod) ? 'unknown' : 'well';
}
