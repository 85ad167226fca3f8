import { type DoctorReport, missingRights, type ReadingLoss, type RightAnswer } from '../doctor.ts';
import { rightName, whyOptional } from '../optional-rights.ts';
import { printable } from '../printable.ts';
import { count, duration } from './amounts.ts';
import { remedyLines } from './doctor-remedies.ts';
import { hanging } from './layout.ts';
import type { Style } from './palette.ts';

const where = ({ namespace }: RightAnswer): string => (namespace === null ? 'in the whole cluster' : `in ${namespace}`);
const said = (right: RightAnswer): string => printable(`${rightName(right)} ${where(right)}`, 300);

/** More than these are counted; `--json` has them all. */
const mostChecks = 12;

/** Rights of one resource in one place as one line, with all that need them. */
function perResource(rights: readonly RightAnswer[]): RightAnswer[] {
  const byResource = new Map<string, RightAnswer>();
  for (const right of rights) {
    const key = [right.group, right.resource, right.namespace].join(' ');
    const known = byResource.get(key);
    const merged = { verb: `${known?.verb}, ${right.verb}`, readings: [...new Set([...(known?.readings ?? []), ...right.readings])] };
    byResource.set(key, known === undefined ? right : { ...right, ...merged });
  }
  return [...byResource.values()];
}

const listed = (ids: readonly string[]): string => (ids.length > mostChecks ? count(ids.length, 'check') : ids.join(', '));

function lossLines({ reading, unknown, poorer }: ReadingLoss, width: number): string[] {
  const parts = [
    unknown.length === 0 ? '' : `not judged without it: ${listed(unknown)}`,
    poorer.length === 0
      ? ''
      : `judged on less: ${unknown.length + poorer.length > mostChecks ? count(poorer.length, 'check') : poorer.join(', ')}`,
  ];
  const text = parts.filter((part) => part !== '').join('; ');
  return hanging(text === '' ? 'no check needs it alone' : text, { width, lead: `    ${reading}: `, indent: 6 });
}

function missingLines(report: DoctorReport, { width, palette }: Style): string[] {
  const missing = missingRights(report);
  if (missing.length === 0) return [];
  const readings = new Set(missing.flatMap((right) => right.readings));
  const rights = perResource(missing).flatMap((right) =>
    hanging(`${said(right)}, for ${right.readings.join(', ')}`, { width, lead: `  ${palette.red('✗')} `, indent: 4 }),
  );
  const losses = report.losses.filter(({ reading }) => readings.has(reading)).flatMap((loss) => lossLines(loss, width));
  return [palette.bold('Missing'), ...rights, '  What that costs:', ...losses];
}

function softLines(title: string, rights: readonly RightAnswer[], { width, palette }: Style): string[] {
  if (rights.length === 0) return [];
  const lines = perResource(rights).flatMap((right) => {
    const why = right.optional ? whyOptional(right) : '';
    return hanging(`${said(right)}${why === '' ? '' : `: ${why}`}`, { width, lead: '  · ' });
  });
  return [palette.bold(title), ...lines];
}

function probeLines({ probe, probeNamespace }: DoctorReport, { width, palette }: Style): string[] {
  const absent =
    probeNamespace.there === false
      ? hanging(
          `The namespace ${probeNamespace.name} for probe pods is not there: a check makes it, or you do: kubectl create namespace ${probeNamespace.name}`,
          { width, lead: '' },
        )
      : [];
  if (probe === null) return absent;
  if (probe.ok)
    return [
      ...absent,
      `${palette.green('✓')} a probe pod started on ${printable(probe.node ?? '', 253)} in ${duration(probe.durationMs)}, and was removed`,
    ];
  const allow = probe.allow === null ? [] : hanging(printable(probe.allow, 400), { width, lead: '  allow: ', paint: palette.cyan });
  return [
    ...absent,
    ...hanging(printable(`no probe pod can start: ${probe.message ?? 'no reason given'}`, 900), {
      width,
      lead: `${palette.red('✗')} `,
      indent: 2,
    }),
    ...allow,
  ];
}

/**
 * What `doctor` found, for the terminal; ends in the RBAC to apply, unwrapped, and a line feed. `hint`: how to ask for less than all namespaces.
 */
export function doctorText(report: DoctorReport, style: Style, hint = ' (ask for its namespace alone with --namespace)'): string {
  const { palette, width } = style;
  const asked = report.rights.filter(({ optional, onlyWithPod }) => !optional && !onlyWithPod);
  const there = asked.filter(({ allowed }) => allowed === true).length;
  const unclear = asked.filter(({ allowed }) => allowed === null);
  const mark = there === asked.length ? palette.green('✓') : palette.yellow('!');
  const head = [
    palette.bold(printable(report.cluster, 253)) + (report.user === null ? '' : `  as ${printable(report.user, 300)}`),
    `${mark} ${there} of ${count(asked.length, 'right')} that a check needs are there`,
  ];
  const untold =
    unclear.length === 0
      ? []
      : [
          palette.bold('Could not be asked'),
          ...unclear
            .slice(0, 8)
            .flatMap((right) => hanging(printable(`${said(right)}: ${right.message ?? 'no reason given'}`, 500), { width, lead: '  · ' })),
        ];
  const blocks = [
    head,
    missingLines(report, style),
    untold,
    softLines(
      `Missing, and needed only by check --pod${hint}`,
      report.rights.filter((right) => right.onlyWithPod && right.allowed === false && !right.optional),
      style,
    ),
    softLines(
      'Not there, and not needed',
      report.rights.filter((right) => right.optional && right.allowed === false),
      style,
    ),
    probeLines(report, style),
    remedyLines(report.remedies ?? [], style),
    report.rbac === '' ? [] : [palette.bold('This gives just what is missing:'), '', report.rbac.trimEnd()],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
