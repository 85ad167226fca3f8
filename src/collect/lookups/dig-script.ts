import type { Ask } from './ask.ts';

/** One dig process: the asks it makes, in order, with the names as asked (`%` replaced). */
export interface Job {
  asks: { ask: Ask; name: string }[];
}

/** Names that need the upstream have processes of their own: one that is slow must not hold up another. */
const keyOf = ({ server, port, proto, batch, name }: Ask): string => `${server} ${port} ${proto} ${batch === 'upstream' ? name : batch}`;

/** Splits asks into processes: each server, protocol and batch gets as many as its most repeated ask has shots. `nonce` makes names fresh. */
export function jobsOf(asks: readonly Ask[], nonce: () => string): Job[] {
  const groups = new Map<string, Ask[]>();
  for (const ask of asks) groups.set(keyOf(ask), [...(groups.get(keyOf(ask)) ?? []), ask]);
  return [...groups.values()].flatMap((group) => {
    const most = Math.max(...group.map((ask) => ask.shots));
    return Array.from({ length: most }, (_, shot) => ({
      asks: group.filter((ask) => ask.shots > shot).map((ask) => ({ ask, name: ask.name.replace('%', nonce()) })),
    }));
  });
}

const digArguments = (job: Job): string => job.asks.map(({ ask, name }) => `@${ask.server} -p ${ask.port} ${name} ${ask.type}`).join(' ');

/** How many digs run side by side in one pod. */
export const atOnce = 20;

/** Separates the outputs of processes; what follows is the job's number. */
export const marker = '@@dns-medic-job';

/** Whether a job is run at once: those that find out if a server answers, and those of servers that nothing else finds it out for. */
function isFirst(job: Job, jobs: readonly Job[]): boolean {
  const [own] = job.asks;
  if (own === undefined || own.ask.batch === 'first') return true;
  return !jobs.some(({ asks }) => asks[0]?.ask.batch === 'first' && flagOf(asks[0].ask) === flagOf(own.ask));
}

/** The file whose being there says that a server answered over a protocol. */
const flagOf = ({ server, port, proto }: Ask): string => `up-${server}-${port}-${proto}`;

/**
 * A shell script that runs the jobs, `atOnce` processes at a time, and prints their outputs one after the other. Servers that answer nothing to the
 * first jobs are not asked further: their jobs print nothing. It needs dig and an xargs with -P (BusyBox and GNU have it). More processes at
 * once thrash in a small memory limit: 100 digs in 128 MiB never came back. Names and addresses must be safe already (`isHostName`,
 * `isAddress`). A query that gets no answer costs `timeoutSeconds`.
 */
export function digScript(jobs: readonly Job[], { timeoutSeconds = 2 }: { timeoutSeconds?: number } = {}): string {
  const common = `+tries=1 +time=${timeoutSeconds} +noall +comments +question +answer +stats`;
  const lines = jobs.map((job, index) => {
    const ask = job.asks[0]?.ask;
    return ask === undefined ? '' : `${index} ${flagOf(ask)} ${ask.proto === 'tcp' ? '+tcp' : '+notcp'} ${digArguments(job)}`;
  });
  const dig = `n=$1; f=$2; shift 2; dig ${common} "$@" >$n 2>&1; grep -q HEADER $n && : >$f`;
  const each = (wanted: boolean, command: string) => [
    `xargs -P ${atOnce} -I{} sh -c 'set -- {}; ${command}; true' <<'JOBS'`,
    ...lines.filter((_, index) => isFirst(jobs[index] as Job, jobs) === wanted),
    'JOBS',
  ];
  return [
    'd=$(mktemp -d) && cd "$d" || exit 1',
    ...each(true, dig),
    ...each(false, `[ -e $2 ] || exit 0; ${dig}`),
    `i=0; while [ $i -lt ${jobs.length} ]; do [ -e $i ] && { echo "${marker} $i"; cat $i; }; i=$((i+1)); done`,
    'cd /; rm -rf "$d"',
  ].join('\n');
}

/** The outputs of a script's jobs, by number; null for a job that was not run. */
export function jobOutputs(text: string, count: number): (string | null)[] {
  const outputs = Array.from({ length: count }, (): string | null => null);
  for (const part of text.split(`${marker} `).slice(1)) {
    const end = part.indexOf('\n');
    const index = Number(part.slice(0, end));
    if (Number.isInteger(index) && index >= 0 && index < count) outputs[index] = part.slice(end + 1);
  }
  return outputs;
}
