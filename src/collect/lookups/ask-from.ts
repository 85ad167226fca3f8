import type { ProbePod } from '../../cluster/probe-port.ts';
import { Failure } from '../../base/failure.ts';
import type { LookupRow } from '../../domain/lookups.ts';
import { parseDig } from '../../formats/dig.ts';
import { type Ask, nonce } from './ask.ts';
import { atOnce, digScript, jobOutputs, jobsOf, marker } from './dig-script.ts';
import { rowsOf } from './rows.ts';

/** How long a script may take: every job waits out its timeouts, `atOnce` at a time. */
const boundMs = (processes: number, queries: number, timeoutSeconds: number): number =>
  3_000 + 1_000 * timeoutSeconds * (1 + Math.ceil((processes * queries) / atOnce));

/** Whether dig ran: it begins whatever it says, a timeout too, with `;;` or its name. Where it was not found or was killed, nothing was asked. */
const isDigs = (output: string | null): output is string => output !== null && /^(?:;;|dig: )/m.test(output);

/** The first line of what came in place of an answer. */
const saidInstead = (text: string): string =>
  text
    .split('\n')
    .find((line) => line !== '' && !line.startsWith('@@'))
    ?.slice(0, 200) ?? 'it said nothing';

/** Asks everything from one place at once, with dig. Rejects with a Failure when the place cannot run it. */
export async function askFrom(
  place: Pick<ProbePod, 'run'>,
  from: LookupRow['from'],
  asks: readonly Ask[],
  { signal, timeoutSeconds = 2 }: { signal: AbortSignal; timeoutSeconds?: number },
): Promise<LookupRow[]> {
  if (asks.length === 0) return [];
  const jobs = jobsOf(asks, nonce);
  const queries = Math.max(...jobs.map((job) => job.asks.length));
  const result = await place.run(digScript(jobs, { timeoutSeconds }), {
    signal,
    timeoutMs: boundMs(jobs.length, queries, timeoutSeconds),
    maxBytes: 4 << 20,
  });
  if (!result.text.includes(marker)) {
    throw new Failure(
      'error',
      `lookups from ${from.pod} gave nothing: ${(result.stderr || result.text).slice(0, 200) || `exit status ${result.exitCode}`}`,
    );
  }
  const printed = jobOutputs(result.text, jobs.length).map((output) => (isDigs(output) ? output : null));
  if (printed.every((output) => output === null)) {
    throw new Failure('error', `dig could not be run in ${from.pod}: ${saidInstead(result.text)}`);
  }
  const outputs = printed.map((output, job) =>
    output === null
      ? null
      : parseDig(
          output,
          jobs[job]?.asks.map(({ ask, name }) => ({ name, type: ask.type })),
        ),
  );
  return rowsOf(from, jobs, outputs);
}
