import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import type { CallOptions } from '../../cluster/port.ts';
import type { ProbePod } from '../../cluster/probe-port.ts';
import { parseDig } from '../../formats/dig.ts';

/** What a pod must answer, with NOERROR, to count as one that serves. */
export const Question = z.object({
  /** Absolute, with the dot at the end. */
  name: z
    .string()
    .max(254)
    .regex(/^[a-z0-9_.-]+\.$/i),
  proto: z.enum(['udp', 'tcp']),
});
export type Question = z.infer<typeof Question>;

/** Where to ask. */
export interface Server {
  address: string;
  port: number;
}

const marker = '@@dns-medic-shot';
/** Side by side in one probe pod; more of them thrash in its memory. */
const mostShots = 20;
const waitSeconds = 2;
/** All shots go out together, so one timeout is all that they take; the rest is for the way to the pod. */
const boundMs = 12_000;

function script({ address, port }: Server, questions: readonly Question[]): string {
  // it goes on a command line
  if (!/^[0-9a-f.:]{2,45}$/i.test(address)) throw new Failure('error', `${address.slice(0, 60)} is no address to ask`);
  const shots = questions.map(
    ({ name, proto }, index) =>
      `dig @${address} -p ${port} +tries=1 +time=${waitSeconds} +noall +comments +stats ${proto === 'tcp' ? '+tcp' : '+notcp'} ${name} A >${index} 2>&1 &`,
  );
  return [
    'd=$(mktemp -d) && cd "$d" || exit 1',
    ...shots,
    'wait',
    `i=0; while [ $i -lt ${questions.length} ]; do echo "${marker}"; cat $i; i=$((i+1)); done`,
    'cd /; rm -rf "$d"',
  ].join('\n');
}

/** What came of one shot: null is the answer that is wanted. */
function fault(output: string, { name, proto }: Question): string | null {
  const [answer] = parseDig(output);
  const what = `${name} over ${proto.toUpperCase()}`;
  if (answer === undefined) return `dig said nothing about ${what}`;
  if (answer.rcode === null) return `no answer about ${what} (${answer.failure ?? 'other'})`;
  return answer.rcode === 'NOERROR' ? null : `${answer.rcode} about ${what}`;
}

/**
 * Asks a server each question so many times, all at once, from a probe pod. Gives null when every shot was answered with NOERROR, else how many
 * were not and what the first of them got. Takes no longer than one timeout of 2 s and the way there. Rejects with a Failure when it could not
 * be asked at all.
 */
export async function askPod(
  probe: Pick<ProbePod, 'run' | 'name'>,
  server: Server,
  questions: readonly Question[],
  times: number,
  options: CallOptions = {},
): Promise<string | null> {
  const shots = questions.flatMap((question) => Array.from({ length: times }, () => Question.parse(question))).slice(0, mostShots);
  const { text, stderr } = await probe.run(script(server, shots), { timeoutMs: boundMs, maxBytes: 1 << 20, ...options });
  const outputs = text.split(`${marker}\n`).slice(1);
  if (outputs.length !== shots.length)
    throw new Failure('error', `lookups from ${probe.name} were not made: ${(stderr || text).slice(0, 200) || 'it said nothing'}`);
  const faults = outputs.map((output, index) => fault(output, shots[index] as Question)).filter((one) => one !== null);
  return faults.length === 0 ? null : `${faults.length} of ${shots.length} lookups at ${server.address} failed: ${faults[0]}`;
}
