import type { Report } from '../../../domain/report.ts';
import type { Place, RunRecord, RunResult } from '../../../domain/run.ts';
import { grouped } from '../../check-groups.ts';
import { count } from '../../terminal/amounts.ts';
import { hanging } from '../../terminal/layout.ts';
import { notLookedAtBlock } from '../../terminal/looked-at.ts';
import { matrixBlock } from '../../terminal/matrix.ts';
import { plain } from '../../terminal/palette.ts';
import { costWords, tellingOf } from '../../terminal/telling.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { escaped } from '../text/escape.ts';
import { aside, bullets, line, listing, type Part, prose } from '../text/parts.ts';
import type { Bounds } from '../text/preformatted.ts';
import { joined, nothing, ours, type Words, words } from '../text/words.ts';
import { askersOf } from './asked.ts';
import { doctorHead, doctorParts } from './doctor.ts';
import { endedParts } from './ended.ts';
import { stateHead } from './state-head.ts';
import { findingsOf, hintOf, sentenceOf, verdictHead } from './verdict-words.ts';

/** Columns that a desktop's window shows of fixed width without wrapping. */
const style = { width: 84, palette: plain };

type CheckResult = Extract<RunResult, { kind: 'check' }>;

function causesPart({ verdict, findings }: Report): Part[] {
  if (verdict.causes.length < 2) return [];
  const causes = verdict.causes.map((code) => {
    const [first] = findingsOf(code, findings);
    return `${first?.severity ?? 'unknown'}: ${code}: ${first?.title ?? ''}`;
  });
  return [bullets('Causes, worst first', causes, 6)];
}

/** `coredns-oomkilled` in the line of CoreDNS: what the line says already is left out. */
const withoutGroup = (id: string, group: string): string => {
  const prefix = `${group.toLowerCase().replace(/[^a-z]/g, '')}-`;
  return id.startsWith(prefix) ? id.slice(prefix.length) : id;
};

/** What was checked and is well, by part of cluster DNS. */
function ruledOutPart({ checks }: Report): Part[] {
  const passed = checks.filter(({ status }) => status === 'passed');
  if (passed.length === 0) return [];
  const others = checks.filter(({ status }) => status === 'not-applicable').length;
  const apart = others === 0 ? '' : `; ${others} more ${others === 1 ? 'does' : 'do'} not apply here`;
  const lines = grouped(passed).flatMap(({ group, checks: alike }) =>
    hanging(alike.map(({ id }) => withoutGroup(id, group.name)).join(', '), { width: style.width, lead: group.name.padEnd(13) }),
  );
  return [listing(`Ruled out: ${count(passed.length, 'check')} passed${apart}`, lines, { heaviest: 2400 })];
}

/** A block of the terminal's report as one of a message: its first line is the title, and the indentation below it goes. */
function blockPart([title, ...lines]: readonly string[], bounds: Bounds): Part[] {
  const outdented = lines.map((one) => one.replace(/^ {2}/, ''));
  return title === undefined ? [] : [listing(title, outdented, bounds)];
}

function checkParts({ report, readings }: CheckResult, cluster: string): Part[] {
  const hint = hintOf(report, cluster);
  return [
    prose(sentenceOf(report)),
    ...causesPart(report),
    ...(hint === null ? [] : [line(hint)]),
    ...blockPart(notLookedAtBlock(report, readings, style, ''), { mostLines: 40, heaviest: 2200 }),
    ...blockPart(matrixBlock(readings, style), { mostLines: 45 }),
    ...ruledOutPart(report),
    aside(ours(escaped(costWords(report, tellingOf(report, readings)), 600))),
  ];
}

/** What came of a run: head and body of its last message. */
function outcome(record: RunRecord): { head: Words; parts: Part[] } {
  const { progress, result, cluster } = record;
  if (progress.state !== 'done' || result === null) return { head: stateHead(record), parts: endedParts(record) };
  if (result.kind === 'change') return { head: stateHead(record), parts: [prose(result.result.says)] };
  if (result.kind === 'check') return { head: verdictHead(result.report, cluster), parts: checkParts(result, cluster) };
  return { head: doctorHead(result.report, cluster), parts: doctorParts(result.report, cluster) };
}

/** The last message of a thread: what came of it, for those who asked. */
export function verdictMessage(record: RunRecord, place: Place): Message {
  const { head, parts } = outcome(record);
  const askers = askersOf(place);
  return messageOf([line(joined([head, askers.text === '' ? nothing : words`for ${askers}`], ' · ')), ...parts]);
}
