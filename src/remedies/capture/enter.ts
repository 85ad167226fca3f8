import { parseIp } from '../../rules/ip-address.ts';
import type { EnteredPod } from './data.ts';
import { quoted } from './shell.ts';

/** How the kernel writes an address in `/proc/PID/net/fib_trie` (IPv4) or `if_inet6` (IPv6). */
function inProc(address: string): string | null {
  const ip = parseIp(address);
  if (ip === null) return null;
  return ip.version === 6 ? ip.value.toString(16).padStart(32, '0') : address;
}

/**
 * A function of the shell that finds a process of a pod: by the pod's uid in its cgroup, written with `-` (cgroupfs) or `_` (systemd), and by its
 * address, for a process in the pod may have made a network of its own. Several CoreDNS pods may be on a node, so no name tells which is which.
 */
export const PID_OF = `pid_of() {
  for c in $(grep -ls -e "$1" -e "$2" /proc/[0-9]*/cgroup 2>/dev/null); do
    p=\${c%/cgroup}
    if [ -z "$3" ] || grep -qwF -e "$3" "$p/net/fib_trie" "$p/net/if_inet6" 2>/dev/null; then echo "\${p#/proc/}"; return 0; fi
  done
  return 1
}`;

/** Sets `enter` to the words that run a command in a pod's network, in that of the node (`host`), or (`own`) where the script runs itself. */
export function entering(what: EnteredPod | 'host' | 'own'): string {
  if (what === 'own') return 'enter=';
  if (what === 'host') return 'enter="nsenter -t 1 -n"';
  const { uid, ips } = what;
  const words = [uid, uid.replaceAll('-', '_'), inProc(ips[0] ?? '') ?? ''].map(quoted).join(' ');
  return `pid=$(pid_of ${words}) && enter="nsenter -t $pid -n" || enter=none`;
}
