import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Report } from '../../src/domain/report.ts';

const Expectation = z.object({
  cause: z.array(z.string()),
  status: z.array(z.string()),
  never: z.union([z.array(z.string()), z.string()]),
  explained: z.array(z.string()).optional(),
  pod: z.string().optional(),
});
/** What a fault must be diagnosed as. */
export type Expectation = z.infer<typeof Expectation>;
const Expectations = z.object({ faults: z.record(z.string(), Expectation) });

/** Reads the expectations by fault. */
export const readExpectations = (file: string): Record<string, Expectation> =>
  Expectations.parse(JSON.parse(readFileSync(file, 'utf8'))).faults;

/** The report of a run's standard output, or what is wrong with it. */
export function readReport(stdout: string): Report | string {
  try {
    return Report.parse(JSON.parse(stdout));
  } catch (error) {
    return `no report: ${(error as Error).message.slice(0, 200)}`;
  }
}

/** What of a report is not as expected: nothing when all is. Causes beside the expected one count as wrong: one fault has one cause. */
export function complaints(report: Report, expected: Expectation): string[] {
  const { verdict, findings } = report;
  const codes = findings.map((finding) => finding.code);
  const never = Array.isArray(expected.never) ? expected.never : [];
  const unexplained = (expected.explained ?? []).filter(
    (code) => !findings.some((finding) => finding.code === code && finding.explainedBy !== null),
  );
  return [
    ...(expected.cause.includes(verdict.cause ?? '') ? [] : [`cause ${verdict.cause}`]),
    ...verdict.causes.filter((code) => !expected.cause.includes(code)).map((code) => `beside it ${code}`),
    ...(expected.status.includes(verdict.status) ? [] : [`status ${verdict.status}`]),
    ...codes.filter((code) => never.includes(code)).map((code) => `never ${code}`),
    ...unexplained.map((code) => `not explained ${code}`),
  ];
}

/** What is wrong with a report on a healthy cluster: anything above info, or another verdict than healthy. */
export function alarms(report: Report): string[] {
  const findings = report.findings.filter((finding) => finding.severity !== 'info').map((finding) => finding.code);
  return [...(report.verdict.status === 'healthy' ? [] : [`status ${report.verdict.status}: ${report.verdict.sentence}`]), ...findings];
}
