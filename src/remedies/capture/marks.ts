import { sha512Hex } from '../../base/sha512.ts';
import { parseDig } from '../../formats/dig.ts';
import type { SentQuery } from './analysis.ts';
import type { CaptureData, Target } from './data.ts';

/** Queries to each server: over UDP, over TCP, and for names of the world, which CoreDNS has to ask for. */
const SHOTS = { udp: 20, tcp: 5, outside: 5 };
/** One query, sent by a process of its own: of several in one command dig 9.18 asks all but the last twice, whatever `+tries` says. */
export interface MarkJob extends Target {
  transport: 'udp' | 'tcp';
  name: string;
}

/** Eight hexadecimal digits that are the same for the same order, client and server: a second attempt knows what the first has asked. */
const token = (...of: string[]): string => sha512Hex(of.join(' ')).slice(0, 8);

const numbered = (count: number, from: number, name: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => name(index + from));

/** What a client asks: names that nobody else asks for, so that each packet can be found again. */
export function markJobs(
  change: string,
  client: string,
  { targets, zone, outside }: Pick<CaptureData, 'targets' | 'zone' | 'outside'>,
): MarkJob[] {
  return targets.flatMap((target) => {
    const inside = token(change, client, target.server);
    const world = token(change, client, target.server, 'outside');
    const own = (i: number) => `dnsbot-${inside}-${i}.kubernetes.default.svc.${zone}.`;
    const jobs = (names: string[], transport: 'udp' | 'tcp'): MarkJob[] => names.map((name) => ({ ...target, transport, name }));
    return [
      ...jobs(numbered(SHOTS.udp, 1, own), 'udp'),
      ...jobs(numbered(SHOTS.tcp, SHOTS.udp + 1, own), 'tcp'),
      ...(outside === null || target.kind !== 'pod'
        ? []
        : jobs(
            numbered(SHOTS.outside, 1, (i) => `dnsbot-${world}-${i}.${outside}.`),
            'udp',
          )),
    ];
  });
}

/** What dig printed of each job, by number; null: it was not run, or said nothing that dig would say. */
export type Printed = readonly (string | null)[];

const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** What a client says that it sent, and whether an answer came. What was never run was not sent. */
export function sentOf(point: string, jobs: readonly MarkJob[], printed: Printed): SentQuery[] {
  return jobs.flatMap(({ server, transport, name }, index) => {
    const output = printed[index] ?? null;
    const answers = output === null ? [] : parseDig(output);
    return answers.length === 0
      ? []
      : [{ point, server, transport, name: bare(name), answered: answers.some(({ rcode }) => rcode !== null) }];
  });
}
