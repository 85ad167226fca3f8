import type { Subject } from '../../../domain/finding.ts';
import type { Report, ReportFinding } from '../../../domain/report.ts';
import { proofWords, type Telling } from '../../terminal/proof.ts';
import { waysOut } from '../../ways-out.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { few, oneLine } from '../text/escape.ts';
import { bullets, line, listing, type Part, prose, stepList } from '../text/parts.ts';
import { severityWords } from '../text/states.ts';
import { stepOf } from '../text/steps.ts';
import { joined, listed, name, nothing, ours, type Words, words } from '../text/words.ts';
import { findingsOf } from './verdict-words.ts';

const mostAlike = 4;
const mostProof = 30;

const subjectText = ({ kind, namespace, name: called }: Subject): string =>
  oneLine(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${called}`, 200);

/** Kinds of Kubernetes are one word; what is not is somebody else's text. */
const kindWords = (kind: string): Words => (/^[A-Za-z]{1,40}$/.test(kind) ? ours(kind) : name(kind, 60));

const subjectWords = ({ kind, namespace, name: called }: Subject): Words =>
  words`${kindWords(kind)} ${name(namespace === undefined ? called : `${namespace}/${called}`, 200)}`;

function proofLines(finding: ReportFinding, telling: Telling, alone: boolean): string[] {
  const lines = finding.proof.map((proof) => proofWords(proof, telling));
  return alone || lines.length === 0 ? lines : [`${subjectText(finding.subject)}:`, ...lines];
}

function proofPart(findings: readonly ReportFinding[], telling: Telling): Part[] {
  const lines = [...new Set(findings.flatMap((finding) => proofLines(finding, telling, findings.length === 1)))];
  if (lines.length === 0) return [];
  if (Object.keys(telling.readings).length === 0)
    return [line(words`The proof was not kept: the readings of this run are too large. Check again to see it.`)];
  return [listing('How we know', lines, { mostLines: mostProof })];
}

function explainedPart(code: string, all: readonly ReportFinding[]): Part[] {
  const explained = all.filter(({ explainedBy }) => explainedBy === code);
  const said = explained.map((finding) => `${oneLine(finding.title, 230)} (${finding.code})`);
  return said.length === 0 ? [] : [bullets('This explains', said, 6)];
}

function remedyPart(findings: readonly ReportFinding[]): Part[] {
  const { mends, looks } = waysOut(findings);
  const names = (ids: readonly string[]): Words =>
    listed(
      ids.map((id) => name(id, 80)),
      6,
    );
  return [
    ...(mends.length === 0 ? [] : [line(words`Can be mended by: ${names(mends)}`)]),
    ...(looks.length === 0 ? [] : [line(words`More is shown by: ${names(looks)}`)]),
  ];
}

/** The titles and subjects of a cause's findings: the same fault in several places is one cause. */
function whatParts([first, ...others]: readonly ReportFinding[]): Part[] {
  if (first === undefined) return [];
  const { shown, more } = few(others, mostAlike - 1);
  const rest = more === 0 ? [] : [`and ${more} more of this kind`];
  const titles = [...shown.map(({ title }) => title), ...rest];
  return [prose(first.title), ...(titles.length === 0 ? [] : [bullets('Also', titles, mostAlike)])];
}

/** A root cause: what is wrong, where, how it is known, what it explains, and what to do. `at`: its place among the causes, from 0. */
export function causeMessage({ verdict, findings }: Report, at: number, telling: Telling): Message | null {
  const code = verdict.causes[at] ?? '';
  const causes = findingsOf(code, findings);
  const [first] = causes;
  if (first === undefined) return null;
  const place = verdict.causes.length === 1 ? nothing : words`cause ${at + 1} of ${verdict.causes.length}`;
  const steps = [...new Set(causes.flatMap(({ next }) => next))].map(stepOf);
  return messageOf([
    line(joined([severityWords(first.severity), name(code), subjectWords(first.subject), place], ' · ')),
    ...whatParts(causes),
    ...proofPart(causes.slice(0, mostAlike), telling),
    ...explainedPart(code, findings),
    ...(steps.length === 0 ? [] : [stepList('What to do', steps)]),
    ...remedyPart(causes),
  ]);
}

/** The causes that have no message of their own. */
export function moreCauses({ verdict, findings }: Report, from: number): Message | null {
  const left = verdict.causes.slice(from);
  if (left.length === 0) return null;
  const titles = left.map((code) => `${code}: ${findingsOf(code, findings)[0]?.title ?? ''}`);
  return messageOf([
    line(ours(`${left.length === 1 ? 'One more cause' : `${left.length} more causes`}, less grave than those above`)),
    bullets('They are', titles, 12),
  ]);
}
