import { entering, PID_OF } from './enter.ts';
import type { MarkJob, Printed } from './marks.ts';
import type { Begun } from './begin-script.ts';
import { quoted } from './shell.ts';

/** Processes of dig side by side: more thrash in little memory, and their timeouts look like loss. */
const AT_ONCE = 10;
const TIMEOUT_SECONDS = 2;
const JOB = '@@dns-medic-job';

const line = ({ server, port, transport, name }: MarkJob, index: number): string =>
  `${index} ${transport === 'tcp' ? '+tcp' : '+notcp'} @${server} -p ${port} ${name} A`;

/** How long the script may take, in milliseconds, if nothing is answered. */
export const marksMs = (jobs: readonly MarkJob[]): number => 5_000 + Math.ceil(jobs.length / AT_ONCE) * (TIMEOUT_SECONDS * 1_000 + 200);

/**
 * Sends marked queries from a client's network, and prints what dig said of each. They are sent once: whoever runs the script again waits for those
 * that are on their way. Names and addresses must be safe already.
 */
export function marksScript(directory: string, client: Pick<Begun, 'id' | 'what'>, jobs: readonly MarkJob[]): string {
  const tenths = Math.ceil(marksMs(jobs) / 100);
  const dig = `dig +tries=1 +time=${TIMEOUT_SECONDS} +noall +comments +question +answer +stats`;
  return [
    PID_OF,
    entering(client.what),
    '[ "$enter" = none ] && { echo "no process of the pod is on this node" >&2; exit 3; }',
    'command -v dig >/dev/null || { echo "there is no dig in the image" >&2; exit 4; }',
    `d=${quoted(directory)}/${client.id}; mkdir -p "$d" && cd "$d" || exit 1`,
    'export enter',
    'if mkdir marks 2>/dev/null; then (',
    '  cd marks',
    `  xargs -P ${AT_ONCE} -I{} sh -c 'set -- {}; n=$1; shift; $enter ${dig} "$@" >$n 2>&1; true' <<'JOBS'`,
    ...jobs.map(line),
    'JOBS',
    '  : >end',
    ') </dev/null >/dev/null 2>&1 & fi',
    `n=0; while [ ! -e marks/end ] && [ $n -lt ${tenths} ]; do n=$((n+1)); sleep 0.1; done`,
    `i=0; while [ $i -lt ${jobs.length} ]; do [ -e marks/$i ] && { echo "${JOB} $i"; cat marks/$i; }; i=$((i+1)); done`,
  ].join('\n');
}

/** Whether dig ran: it begins whatever it says, a timeout too, with `;;` or its name. */
const isDigs = (output: string): boolean => /^(?:;;|dig: )/m.test(output);

/** What the script printed of each of so many jobs. */
export function printedOf(text: string, count: number): Printed {
  const printed = Array.from({ length: count }, (): string | null => null);
  for (const part of text.split(`${JOB} `).slice(1)) {
    const end = part.indexOf('\n');
    const index = Number(part.slice(0, end));
    const output = part.slice(end + 1);
    if (Number.isInteger(index) && index >= 0 && index < count && isDigs(output)) printed[index] = output;
  }
  return printed;
}
