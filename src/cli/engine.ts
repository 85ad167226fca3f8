import { Failure, UsageError } from '../base/failure.ts';
import { connect, type ConnectedCluster } from '../cluster/connect.ts';
import { createProbePods } from '../cluster/probes.ts';
import { collectors } from '../collect/registry.ts';
import { checks } from '../checks/registry.ts';
import type { Target } from '../config/load.ts';
import { CURRENT } from '../config/resolve.ts';
import type { Bundle, Report } from '../domain/report.ts';
import type { Nodes } from '../domain/nodes.ts';
import type { CheckRequest } from '../domain/request.ts';
import { diagnose } from '../flows/diagnose.ts';
import { reportOn } from '../flows/report.ts';
import { isWanted, type OnStep } from '../flows/schedule.ts';
import { fill, sentence } from '../report/words.ts';
import { closest } from '../rules/names.ts';
import { newRunId } from './run-id.ts';

const noLongerThan = (request: CheckRequest): number => Math.ceil(request.timeoutMs / 1000) + 60;

/** Who hears of a run while it goes on; `onLeft`: of probe pods that could not be removed. */
export interface Listeners {
  onStep: OnStep;
  onLeft: (failure: Failure) => void;
}

/** What a run gives that could not even log in: every reading failed, for that one reason. */
function nothingRead(id: string, request: CheckRequest, failure: Failure): Bundle {
  const { reason, message } = failure;
  const readings = collectors
    .filter((collector) => isWanted(collector, request))
    .map((collector) => [collector.id, { id: collector.id, status: 'failed', reason, message, durationMs: 0 }] as const);
  const run = { id, cluster: request.cluster, startedAt: new Date().toISOString(), durationMs: 0, request };
  return { schema: 'dns-medic/bundle/v1', run, readings: Object.fromEntries(readings), cost: { apiRequests: 0, bytes: 0 } };
}

/** Runs a check against a cluster. `signal` ends it early; the probe pods are gone when it returns, however it ends. */
export async function runCheck(
  target: Target,
  request: CheckRequest,
  signal: AbortSignal,
  listeners: Listeners,
  id: string = newRunId(),
): Promise<Bundle> {
  const port = await connect(target.access, process.env).catch((error: unknown) => {
    if (error instanceof Failure) return error;
    throw error;
  });
  if (port instanceof Failure) return nothingRead(id, request, port);
  try {
    const probes = request.probePods ? createProbePods(port, target.settings.probe, { id, deadlineSeconds: noLongerThan(request) }) : null;
    const named = { ...request, cluster: target.name === CURRENT ? port.contextName : request.cluster };
    return await diagnose({ id, port, probes, collectors, request: named, settings: target.settings, signal, now: Date.now, ...listeners });
  } finally {
    await port.close();
  }
}

/** Only where all nodes were read: of a big cluster the named one may be missing for want of a right. */
function refuseUnknownNode({ run: { request }, readings }: Bundle): void {
  const nodes = readings['nodes']?.status === 'ok' ? (readings['nodes'].data as Nodes) : null;
  if (request.node === null || nodes === null || !nodes.complete) return;
  const names = nodes.items.map(({ name }) => name);
  if (names.includes(request.node)) return;
  const near = closest(request.node, names);
  throw new UsageError(`--node: there is no node ${request.node}${near.length === 0 ? '' : `: did you mean ${near.join(', ')}?`}`);
}

/** The report of a bundle. A pod or a node that is not there is a mistake of the request, and thrown as one. */
export function judge(bundle: Bundle): Report {
  const pod = bundle.readings['pod'];
  if (pod?.status === 'failed' && pod.reason === 'missing') throw new UsageError(`--pod: ${pod.message}`);
  refuseUnknownNode(bundle);
  return reportOn(bundle, checks, { fill, sentence });
}

export type { ConnectedCluster };
