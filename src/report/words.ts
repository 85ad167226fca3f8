import type { ReportFinding } from '../domain/report.ts';
import { printable } from './printable.ts';

const maxList = 6;
const maxText = 300;

/** An argument in words: lists joined by commas, the tail of long ones counted, nothing as `none`. */
export function say(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) {
    const shown = value.slice(0, maxList).map(say).join(', ');
    return value.length === 0 ? 'none' : value.length > maxList ? `${shown} and ${value.length - maxList} more` : shown;
  }
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none'), maxText);
}

/** Fills `{arg}` in a template; braces around what is no argument stay as they are (JSON in a command). */
export const fill = (template: string, args: Record<string, unknown>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(args, name) ? say(args[name]) : whole));

const healthy = 'DNS is healthy: every lookup was answered, and no fault was found';

/** The verdict in one sentence: the worst cause, and how many more there are. */
export function sentence({
  status,
  findings,
  missing,
}: {
  status: string;
  findings: readonly ReportFinding[];
  missing: readonly string[];
}): string {
  const causes = findings.filter((finding) => finding.explainedBy === null && finding.severity !== 'info');
  const first = causes[0];
  if (first === undefined) {
    if (status === 'healthy') return healthy;
    return missing.length === 0
      ? 'Nothing could be judged'
      : `No fault was found, but too little could be looked at: ${[...new Set(missing.map((reason) => printable(reason, maxText)))].join('; ')}`;
  }
  const more = causes.length - 1;
  return more === 0 ? first.title : `${first.title}; and ${more} more cause${more === 1 ? '' : 's'}`;
}
