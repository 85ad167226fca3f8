import type { Severity, Subject } from '../../domain/finding.ts';
import type { ReportFinding } from '../../domain/report.ts';
import { printable } from '../printable.ts';
import { waysOut } from '../ways-out.ts';
import { stepLines } from './command.ts';
import { hanging } from './layout.ts';
import type { Palette, Style } from './palette.ts';
import { proofWords, type Telling } from './proof.ts';

const mostProof = 6;
const mostAlike = 4;
const mostExplained = 8;
const mostSteps = 10;

const paints: Record<Severity, keyof Palette> = { critical: 'red', high: 'red', medium: 'yellow', low: 'yellow', info: 'cyan' };

const subjectWords = ({ kind, namespace, name }: Subject): string =>
  printable(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`, 200);

function proofLines(finding: ReportFinding, telling: Telling, width: number): string[] {
  const lines = [...new Set(finding.proof.map((proof) => proofWords(proof, telling)))];
  const more = lines.length - mostProof;
  const shown = lines.slice(0, mostProof).flatMap((line) => hanging(line, { width, lead: '  · ', maxLines: 3 }));
  return more > 0 ? [...shown, `    and ${more} more: see --json`] : shown;
}

/** One finding of a cause: its sentence (unless the head of the report has just said it), what it is about, and the proof. */
function oneOf(finding: ReportFinding, sentence: string, telling: Telling, { width, palette }: Style): string[] {
  const title = printable(finding.title, 1000) === sentence ? [] : hanging(printable(finding.title, 1000), { width, lead: '  ' });
  return [...title, `  ${palette.dim(subjectWords(finding.subject))}`, ...proofLines(finding, telling, width)];
}

function explainedLines(code: string, all: readonly ReportFinding[], { width, palette }: Style): string[] {
  const explained = all.filter((finding) => finding.explainedBy === code);
  if (explained.length === 0) return [];
  const shown = explained.slice(0, mostExplained).flatMap((finding) => {
    const lead = `    ${finding.code}  `;
    return hanging(printable(finding.title, 300), { width, lead, indent: 6, paint: palette.bold, maxLines: 2 });
  });
  const more = explained.length - mostExplained;
  return ['  This explains:', ...shown, ...(more > 0 ? [`    and ${more} more`] : [])];
}

function nextLines(findings: readonly ReportFinding[], { width, palette }: Style): string[] {
  const steps = [...new Set(findings.flatMap((finding) => finding.next))].slice(0, mostSteps);
  if (steps.length === 0) return [];
  const numbered = steps.flatMap((step, index) =>
    stepLines(printable(step, 1500), { width, lead: `    ${index + 1}. `, paint: palette.cyan }),
  );
  return [`  ${palette.bold('Next:')}`, ...numbered];
}

function remedyLines(findings: readonly ReportFinding[], width: number): string[] {
  const { mends, looks } = waysOut(findings);
  return [
    ...(mends.length === 0 ? [] : hanging(mends.join(', '), { width, lead: '  can be mended by: ' })),
    ...(looks.length === 0 ? [] : hanging(looks.join(', '), { width, lead: '  more is shown by: ' })),
  ];
}

/** A root cause: all findings of its code, what they explain, and what to do. */
function causeLines(code: string, all: readonly ReportFinding[], sentence: string, telling: Telling, style: Style): string[] {
  const findings = all.filter((finding) => finding.code === code && finding.explainedBy === null && finding.severity !== 'info');
  const severity = findings[0]?.severity ?? 'info';
  const paint = style.palette[paints[severity]];
  const more = findings.length - mostAlike;
  return [
    `${paint(severity)}  ${style.palette.bold(code)}`,
    ...findings.slice(0, mostAlike).flatMap((finding) => oneOf(finding, sentence, telling, style)),
    ...(more > 0 ? [`  and ${more} more of this kind: see --json`] : []),
    ...explainedLines(code, all, style),
    ...nextLines(findings, style),
    ...remedyLines(findings, style.width),
  ];
}

/** Every root cause as a block of lines, worst first. `sentence` is what the head of the report says. */
export const causeBlocks = (
  codes: readonly string[],
  all: readonly ReportFinding[],
  sentence: string,
  telling: Telling,
  style: Style,
): string[][] => codes.map((code) => causeLines(code, all, sentence, telling, style));

/** What is only worth knowing: a line or two for each. */
export function infoBlock(all: readonly ReportFinding[], { width, palette }: Style): string[] {
  const info = all.filter((finding) => finding.severity === 'info');
  if (info.length === 0) return [];
  const lines = info.slice(0, mostExplained).flatMap((finding) => {
    const title = hanging(`${printable(finding.title, 500)} (${finding.code})`, { width, lead: '  · ' });
    const [first] = finding.next;
    return first === undefined ? title : [...title, ...stepLines(printable(first, 600), { width, lead: '    → ', paint: palette.cyan })];
  });
  return [palette.bold('Also worth knowing'), ...lines];
}
