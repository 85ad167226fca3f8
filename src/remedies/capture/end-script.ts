import { quoted, SAY } from './shell.ts';

/** How far captures and marked queries are. `seconds`: since it was begun, by the clock of the node. */
export const lookScript = (directory: string, ids: readonly string[]): string =>
  [
    SAY,
    `cd ${quoted(directory)} 2>/dev/null || exit 0; now=$(date +%s)`,
    `for id in ${ids.join(' ')}; do`,
    '  [ -e $id/begun ] && { [ -e $id/end ] && w=ended || w=running; say $id $w $((now-$(cat $id/begun))); }',
    '  [ -e $id/marks ] && say $id marks',
    'done',
  ].join('\n');

/** tcpdump writes what it holds and says what it missed; one that does not within this many tenths of a second is killed. */
const PATIENCE = 50;

/** Ends captures, and says of each how many bytes its file has, and what tcpdump said at last. */
export const endScript = (directory: string, ids: readonly string[]): string =>
  [
    SAY,
    `cd ${quoted(directory)} || exit 1`,
    `for id in ${ids.join(' ')}; do [ -e $id/begun ] && [ ! -e $id/end ] && kill -INT $(cat $id/pid) 2>/dev/null; done`,
    'say node clock $(date +%s)',
    `for id in ${ids.join(' ')}; do`,
    '  [ -e $id/begun ] || continue',
    `  n=0; while [ ! -e $id/end ] && [ $n -lt ${PATIENCE} ]; do n=$((n+1)); sleep 0.1; done`,
    '  [ -e $id/end ] || { kill -KILL $(cat $id/pid) 2>/dev/null; sleep 0.3; }',
    '  say $id ended "$(($(wc -c <$id/pcap))) $(grep -v "^tcpdump: listening" $id/err | tail -n 4)"',
    'done',
  ].join('\n');

/** Ends and forgets all that was begun. */
export const forgetScript = (directory: string): string =>
  [
    `cd ${quoted(directory)} 2>/dev/null || exit 0`,
    'for p in */pid; do [ -e $p ] && kill -KILL $(cat $p) 2>/dev/null; done',
    'rm -rf [csn][0-9]*',
  ].join('\n');

/** What tcpdump said at its end. */
export interface Statistics {
  bytes: number;
  /** Packets that the kernel dropped because tcpdump was too slow; null: it did not say. */
  dropped: number | null;
}

/** Reads what `endScript` says of a capture; null: it is nothing of the kind. */
export function statisticsOf(text: string): Statistics | null {
  const bytes = /^(\d{1,12})(?: |$)/.exec(text)?.[1];
  if (bytes === undefined) return null;
  const dropped = /(\d{1,12}) packets? dropped by kernel/.exec(text)?.[1];
  return { bytes: Number(bytes), dropped: dropped === undefined ? null : Number(dropped) };
}
