import type { Evidence } from '../domain/evidence.ts';
import type { Bundle, Report } from '../domain/report.ts';
import type { KnownCorefile } from '../remedies/remedy.ts';

/** The words of the log plugin: a text with it works, but is nothing to go back to. */
const hasQueryLog = (directives: readonly { name: string }[]): boolean => directives.some(({ name }) => name === 'log');

/**
 * The Corefile of a check that found it to work: DNS is healthy, it parses, nothing in it is hidden, and the pods whose log says which text
 * they run (at least one) run this one. Null: it cannot be told, or queries are being logged.
 */
export function goodCorefile({ readings, run }: Bundle, { verdict }: Report): KnownCorefile | null {
  const { corefile, 'coredns-logs': logs } = readings as Evidence;
  if (verdict.status !== 'healthy' || corefile?.status !== 'ok' || logs?.status !== 'ok') return null;
  const { text, error, opaque, sha512, servers } = corefile.data;
  if (error !== null || opaque.length > 0 || sha512 === null || servers.some(({ directives }) => hasQueryLog(directives))) return null;
  const running = logs.data.pods.flatMap(({ runningSha512 }) => runningSha512 ?? []);
  if (running.length === 0 || running.some((hash) => hash !== sha512)) return null;
  return { text, sha512, seenAt: Date.parse(run.startedAt) };
}
