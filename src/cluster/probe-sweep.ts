import { Failure } from '../base/failure.ts';
import type { ProbeSettings } from '../domain/settings.ts';
import type { ClusterPort, Json } from './port.ts';
import { MANAGED_BY, MANAGER, ROLE_LABEL, RUN_LABEL } from './probe-manifest.ts';

export interface SweepOptions {
  /** Pods older than this are nobody's any more. */
  olderThanSeconds: number;
  /** Runs that are known to be over: all of their pods go. */
  finishedRuns?: readonly string[];
  /** Milliseconds since 1970. */
  now?: number;
}

/** Our pods that a run or an order may leave behind, by their labels. Resident probes are none of them. */
export const SWEPT = `${MANAGED_BY}=${MANAGER},${ROLE_LABEL} in (probe,twin,capture)`;

/** Deletes probe or capture pods that a run left behind when it died, and gives the names of those it deleted. Resident probes are left alone. */
export async function sweep(port: ClusterPort, { namespace }: Pick<ProbeSettings, 'namespace'>, options: SweepOptions): Promise<string[]> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const labelSelector = SWEPT;
  const { items } = await port.list(path, { labelSelector });
  const names = items.filter((pod) => isLeft(pod, options)).map((pod) => String(pod['metadata']['name']));
  const results = await Promise.allSettled(
    names.map((name) => port.delete(`${path}/${encodeURIComponent(name)}`, { gracePeriodSeconds: '0' })),
  );
  const failed = results.find((one) => one.status === 'rejected' && !isGone(one.reason));
  if (failed?.status === 'rejected') throw failed.reason;
  return names;
}

/** Ended, past its own deadline, too old, or of a run that is over. */
function isLeft(pod: Json, { olderThanSeconds, finishedRuns = [], now = Date.now() }: SweepOptions): boolean {
  if (pod['status']?.['phase'] === 'Succeeded' || pod['status']?.['phase'] === 'Failed') return true;
  if (finishedRuns.includes(String(pod['metadata']?.['labels']?.[RUN_LABEL]))) return true;
  const ageSeconds = (now - Date.parse(String(pod['metadata']?.['creationTimestamp']))) / 1000;
  const deadline = Number(pod['spec']?.['activeDeadlineSeconds'] ?? Infinity);
  return ageSeconds > Math.min(olderThanSeconds, deadline);
}

function isGone(reason: unknown): boolean {
  return reason instanceof Failure && reason.reason === 'missing';
}
