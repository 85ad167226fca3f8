import type { CaptureReport } from '../../../../domain/capture.ts';
import { type ActResult, keptFiles } from '../../../../domain/plan.ts';
import type { Drawing } from '../../../../pictures/drawing.ts';
import { drawLatency } from '../../../../pictures/latency.ts';
import { drawWays } from '../../../../pictures/ways.ts';
import { nextStep } from '../../../capture-next.ts';
import { latencyPicture, waysPicture } from '../../../capture-pictures.ts';
import { pointSentences } from '../../../capture-point-words.ts';
import { size } from '../../../terminal/amounts.ts';
import { wayLines } from '../../../terminal/capture-ways.ts';
import { plainStyle } from '../../../terminal/palette.ts';
import { escape } from '../../text/escape.ts';
import { line, listing, type Part, stepList } from '../../text/parts.ts';
import { stepOf } from '../../text/steps.ts';
import { ours } from '../../text/words.ts';
import { type ChangeButton, filesButton } from '../change-buttons.ts';

/** A table that a desktop shows without breaking its lines. */
const WIDTH = 88;
const mostPoints = 4;

/** The block that shows a drawing: whoever sends the message puts the id of Slack's file in place of ours. */
const picturePart = (id: string, { altText }: Drawing): Part => ({
  block: { type: 'image', slack_file: { id }, alt_text: altText },
  text: `Picture: ${escape(altText)}`,
  short: 'Picture: see the message',
});

/** The pictures of a capture, by the ids that their blocks have. */
export function captureDrawings(report: CaptureReport, cluster: string): Record<string, Drawing> {
  const [ways, latency] = [waysPicture(report, cluster), latencyPicture(report)];
  return {
    ...(ways === null ? {} : { 'capture-ways': drawWays(ways) }),
    ...(latency === null ? {} : { 'capture-latency': drawLatency(latency) }),
  };
}

function pointParts({ points }: CaptureReport): Part[] {
  const lines = points.slice(0, mostPoints).flatMap((point) => pointSentences(point).map((sentence) => `${point.label}: ${sentence}`));
  return lines.length === 0 ? [] : [listing('Seen besides', lines, { mostLines: 12, widest: 300, heaviest: 1500 })];
}

/** What a capture says beside its verdict: what to do next, the ways in a table, and the picture. */
export function captureParts(report: CaptureReport, drawings: Readonly<Record<string, Drawing>>): Part[] {
  const next = nextStep(report);
  return [
    ...(next === '' ? [] : [stepList('What next', [stepOf(next)], 1, 1_000)]),
    listing('Requests on each way', wayLines(report, plainStyle(WIDTH)).slice(1), { mostLines: 30, widest: 120, heaviest: 2_500 }),
    ...Object.entries(drawings).map(([id, drawing]) => picturePart(id, drawing)),
    ...pointParts(report),
  ];
}

/** Which files of a capture there are no more, and who gets the others. */
export function filesParts({ files = [] }: Pick<ActResult, 'files'>): Part[] {
  const left = files.flatMap(({ name, bytes, why }) => (why === null ? [] : [`${name} (${size(bytes)}): ${why}`]));
  const kept = keptFiles({ files }).length > 0;
  const who =
    'The files are kept for an hour. Names and addresses are in them: only those who may approve changes get them, in private channels and direct messages.';
  return [
    ...(left.length === 0 ? [] : [listing('Files that could not be kept', left, { mostLines: 12, widest: 240, heaviest: 1_500 })]),
    ...(kept ? [line(ours(who))] : []),
  ];
}

/** For the files that are kept. */
export function filesButtons(result: Pick<ActResult, 'files'>): ChangeButton[] {
  const kept = keptFiles(result);
  return kept.length === 0 ? [] : [filesButton(kept.reduce((sum, { bytes }) => sum + bytes, 0))];
}
