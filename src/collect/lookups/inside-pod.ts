import type { ClusterPort } from '../../cluster/port.ts';
import type { ProbePod } from '../../cluster/probe-port.ts';
import { Failure } from '../../base/failure.ts';
import type { LookupRow } from '../../domain/lookups.ts';
import type { NamedPod } from '../../domain/pod.ts';
import { parseBusyboxNslookup, parseGetent } from '../../formats/nslookup.ts';
import { type Ask, nonce } from './ask.ts';
import { jobOutputs, marker } from './dig-script.ts';
import { type Outcome, rowOf } from './rows.ts';

/** A container as a place to run scripts in. Nothing that is started in it outlives its own timeouts. */
export function containerPlace(port: ClusterPort, pod: NamedPod, container: string): Pick<ProbePod, 'run'> {
  return {
    run: (script, options) => port.exec({ ...options, namespace: pod.namespace, pod: pod.name, container, command: ['sh', '-c', script] }),
  };
}

/**
 * Each command in a subshell of its own, all at once; the output of each is printed in one write, behind its number. Needs no file and no xargs:
 * an application's container may have a read-only root and BusyBox alone.
 */
function parallelScript(commands: readonly string[]): string {
  const one = (command: string, index: number) => `( o=$(${command} 2>&1; echo "exit $?"); printf '%s\\n' "${marker} ${index}" "$o" ) &`;
  return [...commands.map(one), 'wait'].join('\n');
}

/** BusyBox nslookup with an absolute name and a server: the one form of it that says the truth. UDP and port 53 only. */
const nslookupCommand = (ask: Ask): string => `nslookup -type=a ${ask.name.replace('%', nonce())} ${ask.server}`;
/** getent asks as the application does: through resolv.conf and the search path. It does not say how long it took. */
const getentCommand = (ask: Ask): string => `s=$(date +%s); getent ahostsv4 ${ask.name}; e=$?; echo "took $(($(date +%s)-s))"; (exit $e)`;

const digits = (pattern: RegExp, output: string): number => Number(pattern.exec(output)?.[1] ?? 0);

/** getent does not tell an NXDOMAIN from a resolver that gave up at once: what took no time is taken for the first. */
function getentOutcome(output: string): Outcome {
  const { found, addresses, failure } = parseGetent(output, digits(/exit (\d+)\s*$/, output), 1000 * digits(/^took (\d+)$/m, output));
  const rcode = found ? 'NOERROR' : failure === 'missing' ? 'NXDOMAIN' : null;
  return { rcode, flags: [], answers: addresses, timeMs: null, failure: failure === 'missing' ? null : failure };
}

const readOutcome = (ask: Ask, output: string): Outcome =>
  ask.serverKind === 'resolver' ? getentOutcome(output) : (parseBusyboxNslookup(output, { name: ask.name, type: 'A' })[0] ?? null);

/** Asks from inside the named pod with nslookup (asks with a server) and getent (asks through the resolver). */
export async function askInside(
  place: Pick<ProbePod, 'run'>,
  from: LookupRow['from'],
  asks: readonly Ask[],
  signal: AbortSignal,
): Promise<LookupRow[]> {
  const shots = asks.flatMap((ask) => Array.from({ length: ask.shots }, () => ask));
  if (shots.length === 0) return [];
  const commands = shots.map((ask) => (ask.serverKind === 'resolver' ? getentCommand(ask) : nslookupCommand(ask)));
  const result = await place.run(parallelScript(commands), { signal, timeoutMs: 25_000, maxBytes: 1 << 20 });
  if (!result.text.includes(marker)) throw new Failure('error', `lookups inside ${from.pod} gave nothing: ${result.stderr.slice(0, 200)}`);
  const outputs = jobOutputs(result.text, shots.length);
  return asks.map((ask) =>
    rowOf(
      from,
      ask,
      outputs.filter((_, index) => shots[index] === ask).map((output) => readOutcome(ask, output ?? '')),
    ),
  );
}
