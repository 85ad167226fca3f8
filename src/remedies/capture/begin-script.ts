import type { EnteredPod } from './data.ts';
import { entering, PID_OF } from './enter.ts';
import { quoted, SAY } from './shell.ts';

/** One capture to begin. */
export interface Begun {
  id: string;
  what: EnteredPod | 'host' | 'own';
  filter: string;
}

/** How much is captured at a point at most. `limitSeconds`: tcpdump ends itself then, whoever forgets it. */
export interface Bounds {
  limitSeconds: number;
  packets: number;
  bytes: number;
}

/** tcpdump says that it listens within so many tenths of a second, or why not. */
const PATIENCE = 80;

/**
 * Begins one capture and leaves it running. tcpdump is stopped by its time, its packets, or `head` by its bytes; `end` appears when all is written.
 * Its own process id is kept, so that it can be told to stop.
 */
const BEGIN = `begin() {
  d=$dir/$1; mkdir -p "$d" || { say "$1" failed "no file can be written in $dir"; return; }
  [ -e "$d/begun" ] && { say "$1" begun; return; }
  if [ "$enter" = none ]; then say "$1" failed "no process of the pod is on this node: was it deleted or restarted?"; return; fi
  command -v tcpdump >/dev/null || { say "$1" failed "there is no tcpdump in the image"; return; }
  i=$2
  [ "$i" = any ] || $enter cat /proc/net/dev 2>/dev/null | grep -q "^ *$i:" || i=any
  date +%s >"$d/begun"; : >"$d/err"
  ( cd "$d"
    { sh -c 'echo $$ >pid; exec timeout -s INT "$@" 2>err' sh $limit $enter tcpdump -i "$i" -nn -s 0 -U -c $packets -w - "$3"; } | head -c $bytes >pcap
    : >end
  ) </dev/null >/dev/null 2>&1 &
}
ready() {
  d=$dir/$1; n=0
  [ -e "$d/begun" ] || return
  while [ $n -lt ${PATIENCE} ]; do
    grep -q 'listening on' "$d/err" && { say "$1" listening; return; }
    [ -e "$d/end" ] && { say "$1" failed "$(grep -v '^tcpdump: verbose' "$d/err" | tail -n 2)"; return; }
    n=$((n+1)); sleep 0.1
  done
  say "$1" failed "tcpdump did not begin within ${PATIENCE / 10} s"
}`;

/** The script that begins captures in a place, and says of each whether it listens. What has begun before goes on. */
export function beginScript(directory: string, captures: readonly Begun[], { limitSeconds, packets, bytes }: Bounds): string {
  return [
    SAY,
    PID_OF,
    BEGIN,
    `dir=${quoted(directory)}; limit=${limitSeconds}; packets=${packets}; bytes=${bytes}`,
    // the servers that CoreDNS on this node asks, where its Corefile says so
    `for s in $(sed -n 's/^nameserver *//p' /etc/resolv.conf | head -n 3); do say node upstream "$s"; done`,
    ...captures.map(({ id, what, filter }) => `${entering(what)}; begin ${id} ${isPod(what) ? 'eth0' : 'any'} ${quoted(filter)}`),
    ...captures.map(({ id }) => `ready ${id}`),
  ].join('\n');
}

/** In the network of a pod one interface shows all, each packet once. */
const isPod = (what: Begun['what']): boolean => what === 'own' || (what !== 'host' && !what.hostNetwork);
