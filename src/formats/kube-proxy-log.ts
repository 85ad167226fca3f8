import type { LogClass } from '../domain/coredns.ts';
import { cleanLine, lines, splitTimestamp } from './clean-text.ts';
import { klogTime, parseKlog } from './klog.ts';
import { classifyKubeProxyText } from './kube-proxy-line.ts';
import { LogClasses } from './log-classes.ts';
import type { Classified } from './log-classes.ts';

const mostContinued = 8;

/**
 * Sorts one line of kube-proxy's log into the classes of `KubeProxyLogs`, with what it names; null for a line that says nothing about a fault.
 * All generations of klog and of client-go's wording are known.
 */
export function classifyKubeProxyLine(raw: string): Classified | null {
  return classifyKubeProxyText(cleanLine(splitTimestamp(raw).rest));
}

/**
 * What the log of one kube-proxy container says. Fields as `LogClasses.result` gives them; `afterSync` is 'false' when kube-proxy started or read
 * the API successfully after the newest line of the class: ask `stillFails`. Times are the kubelet's where the log has them.
 */
export function summariseKubeProxyLog(text: string, now: Date): LogClass[] {
  const classes = new LogClasses();
  for (const { at, line } of joined(text)) {
    const found = classifyKubeProxyText(line);
    if (!found) continue;
    const klog = at === null ? parseKlog(line) : null;
    classes.add(found, at ?? (klog && klogTime(klog.time, now)), line);
    if (found.class === 'synced' || found.class === 'started') classes.mark();
  }
  return classes.result('afterSync', now);
}

/**
 * Whether a class says something about the present. A lost API server is asked again at least once a minute and failed rules are tried again every
 * 30 s, while their recovery may leave no line: such a class holds as long as its newest line is at most three minutes old (or has no time).
 */
export function stillFails(found: LogClass): boolean {
  const fresh = Number(found.fields['ageSeconds'] ?? 0) <= 180;
  return found.class === 'config-invalid' || found.class === 'fatal'
    ? found.fields['afterSync'] === 'true'
    : fresh && found.fields['afterSync'] === 'true';
}

/** klog breaks a value with line ends into `err=<`, lines with a tab and ` >`: those become one line again. */
function* joined(text: string): Generator<{ at: string | null; line: string }> {
  let open: { at: string | null; parts: string[] } | null = null;
  for (const raw of lines(text)) {
    const { at, rest } = splitTimestamp(raw);
    const line = cleanLine(rest);
    if (open && /^[\t ]/.test(rest)) {
      if (open.parts.length <= mostContinued) open.parts.push(line.trim());
      continue;
    }
    if (open) yield whole(open);
    open = line.endsWith('=<') ? { at, parts: [line.slice(0, -1)] } : null;
    if (!open) yield { at, line };
  }
  if (open) yield whole(open);
}

function whole({ at, parts: [head = '', ...rest] }: { at: string | null; parts: string[] }): { at: string | null; line: string } {
  const value = rest.filter((part) => part !== '>').join(' ');
  return { at, line: cleanLine(`${head}"${value.replace(/[\\"]/g, '\\$&')}"`) };
}
