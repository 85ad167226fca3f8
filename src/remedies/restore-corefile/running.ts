import type { Evidence } from '../../domain/evidence.ts';
import { seen } from '../kit/read.ts';

/** SHA-512 of the text that all ready pods run, as far as their logs say; null: they do not, or not all the same. */
export function runningHash(evidence: Evidence): string | null {
  const ready = (seen(evidence, 'coredns-pods')?.items ?? []).filter((pod) => pod.ready && !pod.terminating).map(({ name }) => name);
  const logs = (seen(evidence, 'coredns-logs')?.pods ?? []).filter(({ pod }) => ready.includes(pod));
  const hashes = new Set(logs.flatMap(({ runningSha512 }) => runningSha512 ?? []));
  return hashes.size === 1 ? ([...hashes][0] ?? null) : null;
}
