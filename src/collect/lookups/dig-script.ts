import type { Ask } from './ask.ts';

/** One dig process: the asks it makes, in order, with the names as asked (`%` replaced). */
export interface Job {
  asks: { ask: Ask; name: string }[];
}

const keyOf = ({ server, port, proto, batch }: Ask): string => `${server} ${port} ${proto} ${batch}`;

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

const digArguments = (job: Job): string =>
  job.asks.map(({ ask, name }) => `@${ask.server} -p ${ask.port} ${name} ${ask.type}`).join(' ');

/** Separates the outputs of processes; what follows is the job's number. */
export const marker = '@@dns-medic-job';

/**
 * A shell script that runs the jobs, `width` processes at a time, and prints their outputs one after the other. It needs dig and an xargs with -P
 * (BusyBox and GNU have it). More processes at once thrash in a small memory limit: 100 digs in 128 MiB never came back. Names and addresses
 * must be safe already (`isHostName`, `isAddress`). A query that gets no answer costs `timeoutSeconds`.
 */
export function digScript(jobs: readonly Job[], { width = 16, timeoutSeconds = 2 }: { width?: number; timeoutSeconds?: number } = {}): string {
  const common = `+tries=1 +time=${timeoutSeconds} +noall +comments +question +answer +stats`;
  const lines = jobs.map((job, index) => `${index} ${job.asks[0]?.ask.proto === 'tcp' ? '+tcp' : '+notcp'} ${digArguments(job)}`);
  return [
    'd=$(mktemp -d) && cd "$d" || exit 1',
    `xargs -P ${width} -I{} sh -c 'set -- {}; n=$1; shift; dig ${common} "$@" >$n 2>&1' <<'JOBS'`,
    ...lines,
    'JOBS',
    `i=0; while [ $i -lt ${jobs.length} ]; do echo "${marker} $i"; cat $i; i=$((i+1)); done`,
    'cd /; rm -rf "$d"',
  ].join('\n');
}

/** The outputs of a script's jobs, by number; a job whose output is missing has none. */
export function jobOutputs(text: string, count: number): string[] {
  const outputs = Array.from({ length: count }, () => '');
  for (const part of text.split(`${marker} `).slice(1)) {
    const end = part.indexOf('\n');
    const index = Number(part.slice(0, end));
    if (Number.isInteger(index) && index >= 0 && index < count) outputs[index] = part.slice(end + 1);
  }
  return outputs;
}
