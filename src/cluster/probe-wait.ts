import { Failure } from '../base/failure.ts';
import { sleep } from './deadline.ts';
import type { ClusterPort, Json } from './port.ts';
import type { OurPods } from './probe-manifest.ts';
import { type ContainerProgress, lastWarning, nodeTrouble } from './probe-state.ts';

/** A pod that has not started by then will not start in time for a check. */
const START_LIMIT_MS = 20_000;
/** A kubelet acts within a few hundred milliseconds; after this silence the node itself is looked at. */
const NODE_CHECK_MS = 1_500;
/** When the kubelet has begun but got stuck (no IP address left, say), its events say why. */
const EVENT_CHECK_MS = 4_000;

/** The pods of a run, seen again and again by all that wait: one request however many pods start. */
export type NextLook = (pauseMs: number) => Promise<Map<string, Json>>;

/** Makes the shared look: whoever asks while one is on its way gets that one. */
export function sharedLook(list: () => Promise<Map<string, Json>>, signal: AbortSignal): NextLook {
  let next: Promise<Map<string, Json>> | null = null;
  return (pauseMs) => {
    next ??= sleep(pauseMs, signal)
      .then(list)
      .finally(() => {
        next = null;
      });
    return next;
  };
}

export interface Awaited {
  port: ClusterPort;
  namespace: string;
  pod: string;
  node: string;
  /** Left out: a probe pod. */
  kind?: OurPods['kind'];
  look: () => Promise<ContainerProgress>;
}

/** Resolves once the container runs; rejects early with a Failure that says why it cannot, and after 20 s in any case. */
export async function untilRunning(awaited: Awaited): Promise<void> {
  const start = performance.now();
  let nextNodeCheck = NODE_CHECK_MS;
  let nextEventCheck = EVENT_CHECK_MS;
  for (;;) {
    const progress = await awaited.look();
    if (progress.state === 'running') return;
    if (progress.state === 'failed') throw progress.failure;
    const waited = performance.now() - start;
    if (!progress.seenByKubelet && waited > nextNodeCheck) {
      nextNodeCheck += 5_000;
      await refuseDeadNode(awaited);
    }
    if (waited > nextEventCheck) {
      nextEventCheck += 5_000;
      await refuseStuck(awaited);
    }
    if (waited > START_LIMIT_MS) throw tooSlow(awaited, progress.for);
  }
}

/** A pod takes 0.6 to 1.2 s to start where its image is: no look before that is useful, short pauses while it is likely, longer ones after. */
export function pauseAfter(waitedMs: number): number {
  if (waitedMs < 100) return 400;
  return waitedMs < 3_000 ? 80 : 300;
}

async function refuseDeadNode({ port, node }: Awaited): Promise<void> {
  const seen = await port.get(`/api/v1/nodes/${encodeURIComponent(node)}`).catch((error: unknown) => {
    if (error instanceof Failure && error.reason === 'missing') return null;
    return undefined; // it may not be looked at: then the limit decides
  });
  const trouble = seen === undefined ? null : nodeTrouble(node, seen);
  if (trouble) throw trouble;
}

async function refuseStuck({ port, namespace, pod, node, kind = 'probe' }: Awaited): Promise<void> {
  const fieldSelector = `involvedObject.name=${pod},involvedObject.kind=Pod`;
  const events = await port.list(`/api/v1/namespaces/${namespace}/events`, { fieldSelector, limit: 50 }).catch(() => null);
  const warning = lastWarning(events?.items ?? []);
  if (warning !== null) throw new Failure('error', `the ${kind} pod does not start on ${node}: ${warning}`);
}

function tooSlow({ node, kind = 'probe' }: Awaited, waitsFor: string): Failure {
  return new Failure('timeout', `the ${kind} pod did not start on ${node} within ${START_LIMIT_MS / 1000} s; it waits for ${waitsFor}`);
}
