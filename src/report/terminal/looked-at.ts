import { Lookups } from '../../domain/lookups.ts';
import { NamedPod } from '../../domain/pod.ts';
import type { Report } from '../../domain/report.ts';
import { printable } from '../printable.ts';
import { count } from './amounts.ts';
import { hanging } from './layout.ts';
import type { Style } from './palette.ts';
import type { Readings } from './proof.ts';

const mostLines = 12;
/** More checks than this are only counted: then nearly nothing could be looked at, and the list says no more. */
const mostChecks = 15;

/** What was checked and is well, by id, and how many checks do not apply. */
export function ruledOutBlock(checks: Report['checks'], { width, palette }: Style): string[] {
  const passed = checks.filter(({ status }) => status === 'passed').map(({ id }) => id);
  const others = checks.filter(({ status }) => status === 'not-applicable').length;
  if (passed.length === 0) return [];
  const apart = others === 0 ? '' : palette.dim(` (${count(others, 'more check')} ${others === 1 ? 'does' : 'do'} not apply here)`);
  return [
    `${palette.bold('Ruled out')} ${passed.length}${apart}`,
    ...hanging(printable(passed.join(', '), 8000), { width, lead: '  ', maxLines: 40 }),
  ];
}

/** One reason why something could not be looked at: what it hit, and what would allow it. */
interface Obstacle {
  reason: string;
  allow: string[];
  readings: string[];
  checks: string[];
}

function obstaclesOf({ readings, checks }: Report): Obstacle[] {
  const byReason = new Map<string, Obstacle>();
  const at = (reason: string): Obstacle => {
    const known = byReason.get(reason) ?? { reason, allow: [], readings: [], checks: [] };
    byReason.set(reason, known);
    return known;
  };
  const failed = readings.filter(({ status }) => status === 'failed');
  const reasonOf = ({ reason, message }: Report['readings'][number]): string => `${reason ?? 'error'}: ${message ?? 'no reason given'}`;
  for (const reading of failed) {
    const obstacle = at(reasonOf(reading));
    obstacle.readings.push(reading.id);
    if (reading.allow !== null && !obstacle.allow.includes(reading.allow)) obstacle.allow.push(reading.allow);
  }
  for (const { id, status, reason } of checks) {
    if (status !== 'unknown') continue;
    const behind = failed.find((reading) => reason?.startsWith(`${reading.id}: `));
    at(behind === undefined ? (reason ?? 'no reason given') : reasonOf(behind)).checks.push(id);
  }
  // what was left out because something before it failed says nothing of its own
  return [...byReason.values()].filter(({ reason, checks: blocked }) => !reason.startsWith('skipped: ') || blocked.length > 0);
}

function obstacleLines({ reason, allow, readings, checks }: Obstacle, { width, palette }: Style): string[] {
  const what = readings.length === 0 ? '' : `${readings.join(', ')}: `;
  return [
    ...hanging(printable(`${what}${reason}`, 900), { width, lead: '  · ' }),
    ...allow.slice(0, 3).flatMap((rule) => hanging(printable(rule, 400), { width, lead: '    allow: ', paint: palette.cyan })),
    ...(checks.length === 0
      ? []
      : hanging(checks.length > mostChecks ? count(checks.length, 'check') : checks.join(', '), {
          width,
          lead: '    so not judged: ',
          indent: 6,
          paint: palette.dim,
        })),
  ];
}

/** Places that could not be asked from, and what could not be seen in the named pod. */
function besides(readings: Readings, { width, palette }: Style): string[] {
  const lookups = readings['lookups']?.status === 'ok' ? Lookups.safeParse(readings['lookups'].data) : null;
  const pod = readings['pod']?.status === 'ok' ? NamedPod.safeParse(readings['pod'].data) : null;
  const failures = lookups?.success === true ? lookups.data.failures.slice(0, mostLines) : [];
  const notes = pod?.success === true ? pod.data.notes.slice(0, mostLines) : [];
  return [
    ...failures.flatMap(({ node, message, allow }) => [
      ...hanging(printable(`lookups from ${node === '' ? 'the pod' : node}: ${message}`, 900), { width, lead: '  · ' }),
      ...(allow === undefined ? [] : hanging(printable(allow, 400), { width, lead: '    allow: ', paint: palette.cyan })),
    ]),
    ...notes.flatMap((note) => hanging(printable(`pod: ${note}`, 400), { width, lead: '  · ' })),
  ];
}

/**
 * What could not be looked at, by reason, with what would allow it, and the checks that therefore say nothing. `elsewhere`: where the rest of
 * a long list is.
 */
export function notLookedAtBlock(report: Report, readings: Readings, style: Style, elsewhere = ': see --json'): string[] {
  const obstacles = obstaclesOf(report);
  const lines = [...obstacles.slice(0, mostLines).flatMap((obstacle) => obstacleLines(obstacle, style)), ...besides(readings, style)];
  const more = obstacles.length - mostLines;
  if (lines.length === 0) return [];
  return [style.palette.bold('Could not be looked at'), ...lines, ...(more > 0 ? [`  and ${more} more${elsewhere}`] : [])];
}
