import { decide } from '../../access/decide.ts';
import type { Change } from '../../domain/change.ts';
import { linesMessage } from '../../report/slack/replies/files.ts';
import type { Counter } from '../counter.ts';
import type { KnownChange } from '../desk.ts';
import type { Answer } from '../serve.ts';
import type { Situation } from '../situation.ts';
import { handOut } from './hand-out.ts';

/** Newer lines are worth more: those of the end, where there are some. */
export const linesOf = ({ result, undoResult }: Pick<Change, 'result' | 'undoResult'>): readonly string[] => {
  const last = undoResult?.lines ?? [];
  return last.length > 0 ? last : (result?.lines ?? []);
};

/** A file for people to read is no larger; the newest lines count. Bytes. */
const LARGEST = 1_000_000;

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/** The newest lines that fit, in plain characters: a log holds what clients of a cluster wrote. */
export function fileOf(lines: readonly string[], most = LARGEST): { bytes: Buffer; lines: number } {
  const kept: string[] = [];
  let size = 0;
  for (const line of lines.toReversed()) {
    const plain = `${line.replace(/[\r\n]+/g, ' ').replace(CONTROL, '')}\n`;
    size += Buffer.byteLength(plain);
    if (size > most) break;
    kept.push(plain);
  }
  return { bytes: Buffer.from(kept.toReversed().join('')), lines: kept.length };
}

/** Shows the lines of a query log as a file in the thread, for those who may read this cluster's runs. `situation` must be fresh. */
export function showLines(counter: Counter, situation: Situation, known: KnownChange): Promise<Answer> {
  const { person, where } = situation;
  const { cluster } = known.record;
  const { bytes, lines } = fileOf(linesOf(known.change));
  const filename = `query-log-${known.change.id.slice(0, 10)}.txt`;
  const file = { filename, title: `Query log of ${cluster}, ${lines} lines`, bytes: () => Promise.resolve(bytes) };
  return handOut(counter, situation, known, {
    asked: { cluster, action: 'read', wanted: 'lines' },
    decision: decide(counter.policy, person, where.channel, { cluster, action: 'read' }),
    pack: () => Promise.resolve(lines === 0 ? null : { contents: { lines }, files: [file] }),
    say: (came) => linesMessage({ ...came, cluster, lines }),
  });
}
