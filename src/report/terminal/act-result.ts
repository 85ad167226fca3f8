import type { ActResult, Plan } from '../../domain/plan.ts';
import { adviceWords, asSentence, beforeAfter, newlySaid, proofSentences } from '../change-words.ts';
import { printable } from '../printable.ts';
import { duration } from './amounts.ts';
import { captureBlocks } from './capture.ts';
import { hanging, pad, columns } from './layout.ts';
import type { Palette, Style } from './palette.ts';
import { queryLines } from './queries.ts';
import { nextBlock, ownerLines } from './what-next.ts';

type Marked = readonly [said: string, paint: keyof Palette];

const proved: Readonly<Record<ActResult['proof'], Marked>> = {
  fixed: ['FIXED', 'green'],
  another: ['MENDED, BUT SOMETHING ELSE IS BROKEN', 'yellow'],
  'no-change': ['DONE, BUT NO CHANGE', 'yellow'],
  worse: ['DONE, AND IT IS WORSE', 'red'],
  unknown: ['DONE, BUT NOT SEEN WHETHER IT HELPED', 'yellow'],
  none: ['DONE', 'green'],
};

const ended: Readonly<Partial<Record<ActResult['outcome'], Marked>>> = {
  refused: ['NOTHING WAS CHANGED', 'yellow'],
  failed: ['FAILED IN BETWEEN', 'red'],
  stopped: ['STOPPED IN BETWEEN', 'yellow'],
};

const undone: Readonly<Record<ActResult['outcome'], Marked>> = {
  applied: ['UNDONE', 'green'],
  unverified: ['UNDONE', 'green'],
  refused: ['NOT UNDONE', 'red'],
  failed: ['NOT UNDONE', 'red'],
  stopped: ['NOT UNDONE', 'red'],
};

const undoneHead = ({ outcome }: ActResult, { endsAfterMs }: Plan): Marked =>
  endsAfterMs !== null && undone[outcome][0] === 'UNDONE' ? ['SWITCHED OFF AGAIN', 'green'] : undone[outcome];

function proofBlock(result: ActResult, act: 'apply' | 'undo', { width, palette }: Style): string[] {
  const rows = beforeAfter(result);
  if (rows.length === 0) return [];
  const [first, second] = [widest(rows.map(({ what }) => what)), widest(['before', ...rows.map(({ before }) => before)])];
  const table = rows.flatMap(({ what, before, after }) => hanging(after, { width, lead: `${pad(what, first)}  ${pad(before, second)}  ` }));
  const took = result.proof === 'fixed' && result.effectMs !== null ? ` It showed ${duration(result.effectMs)} after the first write.` : '';
  const said = act === 'undo' && result.proof !== 'worse' ? [] : hanging(`${proofSentences[result.proof]}${took}`, { width, lead: '' });
  const advice = act === 'apply' ? adviceWords(result) : null;
  return [
    palette.dim(`${pad('', first)}  ${pad('before', second)}  after`),
    ...table,
    ...said.map((line) => palette.bold(line)),
    ...(advice === null ? [] : [advice]),
  ];
}

/** What the check says now, if a capture told it something. */
function saidBlock(result: ActResult, { width, palette }: Style): string[] {
  const said = newlySaid(result);
  return said === null ? [] : hanging(said, { width, lead: '' }).map((line) => palette.bold(line));
}

const widest = (texts: readonly string[]): number => Math.min(50, Math.max(0, ...texts.map(columns)));

/**
 * What came of an act for the terminal: how it ended, the looks before and after side by side, the lines of a query log summed up, where it will
 * be taken back, and what next. Ends in a line feed.
 */
export function actResultText(result: ActResult, plan: Plan, style: Style, act: 'apply' | 'undo' = 'apply'): string {
  const { width, palette } = style;
  const [said, paint] = act === 'undo' ? undoneHead(result, plan) : (ended[result.outcome] ?? proved[result.proof]);
  const lasts = act === 'apply' && (result.outcome === 'applied' || result.outcome === 'unverified');
  const blocks = [
    [
      `${palette.bold(palette[paint](said))}  ${palette.bold(printable(plan.remedy, 80))}  ${printable(plan.cluster, 253)}`,
      ...hanging(asSentence(result.says), { width, lead: '', maxLines: 20 }),
    ],
    proofBlock(result, act, style),
    result.queries === null ? [] : queryLines(result.queries, style),
    ...(result.capture ? captureBlocks(result.capture, style) : []),
    saidBlock(result, style),
    lasts ? plan.objects.flatMap((planned) => ownerLines(planned, style)) : [],
    nextBlock(result.next, style),
    act === 'apply' && result.undoable && plan.undo !== null
      ? hanging(asSentence(plan.undo), { width, lead: 'To undo it: ', indent: 2 })
      : [],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
