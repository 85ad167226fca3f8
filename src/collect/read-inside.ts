import { Failure } from '../base/failure.ts';
import type { ClusterPort } from '../cluster/port.ts';
import type { ResolvConf } from '../domain/pod.ts';
import { parseResolvConf } from '../formats/resolv-conf.ts';

/** What can be seen inside a running pod without changing it. */
export interface Inside {
  container: string | null;
  resolvConf: ResolvConf | null;
  tools: string[];
  libc: string | null;
  notes: string[];
}

const script = `cat /etc/resolv.conf; echo @@tools
for t in dig nslookup getent xargs; do command -v $t >/dev/null 2>&1 && echo $t; done
nslookup --help 2>&1 | head -n 1
ls /lib/ld-musl-* /lib*/ld-linux* /lib/*/libc.so.6 2>/dev/null`;

function toolsOf(seen: string): string[] {
  const has = (tool: string) => new RegExp(`^${tool}$`, 'm').test(seen);
  const nslookup = has('nslookup') ? [/^BusyBox/m.test(seen) ? 'busybox-nslookup' : 'nslookup'] : [];
  return [...(has('dig') && has('xargs') ? ['dig'] : []), ...nslookup, ...(has('getent') ? ['getent'] : [])];
}

const libcOf = (seen: string): string | null => (/ld-musl/.test(seen) ? 'musl' : /ld-linux|libc\.so\.6/.test(seen) ? 'glibc' : null);

const runnable = (error: unknown): string => (error instanceof Failure ? error.message : String(error)).split('\n')[0] ?? '';

async function lookInside(
  port: ClusterPort,
  target: { namespace: string; pod: string; container: string },
  signal: AbortSignal,
): Promise<Inside> {
  const run = (command: string[]) => port.exec({ ...target, command, signal, timeoutMs: 6_000, maxBytes: 64 << 10 });
  const withShell = await run(['sh', '-c', script]);
  const [resolv = '', seen = ''] = withShell.text.split('@@tools');
  if (withShell.text.includes('@@tools')) {
    return { container: target.container, resolvConf: parseResolvConf(resolv), tools: toolsOf(seen), libc: libcOf(seen), notes: [] };
  }
  const plain = await run(['cat', '/etc/resolv.conf']);
  if (plain.exitCode === 0) {
    return {
      container: target.container,
      resolvConf: parseResolvConf(plain.text),
      tools: [],
      libc: null,
      notes: [`container ${target.container} has no shell`],
    };
  }
  return { container: null, resolvConf: null, tools: [], libc: null, notes: [`container ${target.container} has neither a shell nor cat`] };
}

/** Looks into the first of the pod's running containers that lets it; at most three are tried. All containers of a pod share its resolv.conf. */
export async function readInside(
  port: ClusterPort,
  namespace: string,
  pod: string,
  containers: readonly string[],
  signal: AbortSignal,
): Promise<Inside> {
  const notes: string[] = [];
  for (const container of containers.slice(0, 3)) {
    const inside = await lookInside(port, { namespace, pod, container }, signal).catch((error: unknown) => {
      notes.push(`container ${container}: ${runnable(error)}`);
      return null;
    });
    if (inside?.resolvConf != null) return { ...inside, notes: [...notes, ...inside.notes] };
    notes.push(...(inside?.notes ?? []));
  }
  return { container: null, resolvConf: null, tools: [], libc: null, notes };
}
